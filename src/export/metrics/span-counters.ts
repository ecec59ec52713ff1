/** Why a span was not delivered. */
export type DropReason =
  | 'queue_full'
  | 'fallback_mode'
  | 'thread_stopped'
  | 'too_large'
  | 'unreadable'
  | 'no_destination'
  | 'switched_off'
  | 'not_public'
  | 'no_consent'
  | 'key_refused'
  | 'exporter_none'
  | 'spans_per_minute'
  | 'spans_per_hour'
  | 'bytes_per_minute'
  | 'export_backlog'
  | 'rejected'
  | 'undelivered_at_exit'
  | 'export_thread'
  | 'journal_full'
  | 'too_old'
  | 'deadly'

/** Counts what became of the spans of this process: nothing is lost without a reason. */
export interface SpanCounters {
  /** Adds to the delivered ones. */
  delivered(count: number): void
  /** Adds to those dropped for a reason. */
  dropped(reason: DropReason, count: number): void
  /** How many were delivered. */
  readonly deliveredTotal: number
  /** How many were dropped, by reason. */
  readonly droppedTotals: ReadonlyMap<DropReason, number>
}

/** Makes counters that start at zero. */
export function createSpanCounters(): SpanCounters {
  const drops = new Map<DropReason, number>()
  let delivered = 0
  return {
    delivered: (count) => {
      delivered += count
    },
    dropped: (reason, count) => {
      drops.set(reason, (drops.get(reason) ?? 0) + count)
    },
    get deliveredTotal() {
      return delivered
    },
    droppedTotals: drops,
  }
}
