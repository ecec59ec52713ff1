/** One reaction to load, and how long it was in force. */
export interface AuditRecord {
  /** Milliseconds since 1970. */
  readonly time: number
  /** What was too high, such as `cpu`. */
  readonly signal: string
  /** How high, in words: `93 % of a core`. */
  readonly value: string
  /** What was done about it, in words. */
  readonly action: string
  /** When it was taken back, in milliseconds since 1970; absent while it is in force. */
  readonly revertedAt?: number
}

/** The last reactions of a process. */
export interface AuditLog {
  /**
   * Adds a record.
   *
   * @returns its number, for {@link AuditLog.reverted}
   */
  add(record: Omit<AuditRecord, 'revertedAt'>): number
  /** The reaction is no longer in force. */
  reverted(number: number, time: number): void
  /** The last of them, oldest first. */
  records(): readonly AuditRecord[]
}

const MOST_RECORDS = 50

/** Makes an empty log. It keeps the last fifty records; a reaction may still be in force whose record has left it. */
export function createAuditLog(): AuditLog {
  let kept: { readonly number: number; record: AuditRecord }[] = []
  let last = 0
  return {
    add(record) {
      kept = [...kept, { number: ++last, record }].slice(-MOST_RECORDS)
      return last
    },
    reverted(number, time) {
      const entry = kept.find((candidate) => candidate.number === number)
      if (entry) entry.record = { ...entry.record, revertedAt: time }
    },
    records: () => kept.map(({ record }) => record),
  }
}
