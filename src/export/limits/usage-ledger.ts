import type { LedgerFiles } from './ledger-files.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const MINUTES_AN_HOUR = 60
/** What a request may take on its way; that of a process which died meanwhile counts so much longer. */
const LONGEST_REQUEST_MS = 90 * SECOND_MS
/** A process that has said nothing for so long wants nothing. */
const DEMAND_HOLDS_MS = 30 * SECOND_MS
/** Records from further ahead were written before the clock of the machine was set back. */
const FUTURE_MS = MINUTE_MS

/** What was used of the limits, by all processes that write to the ledger. */
export interface Usage {
  readonly spansInMinute: number
  readonly bytesInMinute: number
  readonly spansInHour: number
}

/** Who has sent how much, for all processes of a user that send to one project. */
export interface UsageLedger {
  /** Takes notice of what the others have written. */
  refresh(): void
  /**
   * Takes a share of the limits for one request, whether it fits or not; the caller looks again, and cancels.
   *
   * @returns its number
   */
  reserve(spans: number, bytes: number): number
  /** The request is not made. */
  cancel(number: number): void
  /** The request has ended. Up to now it may have reached the service at any moment, so it counts from now on. */
  settle(number: number): void
  /** Says how many spans a minute this process would like to send. */
  announce(spansPerMinute: number): void
  /** What was used, in the minute and the hour that end now. */
  used(): Usage
  /** When the oldest part of what was used in the minute is free again, in milliseconds since 1970. */
  nextFree(): number
  /** What the other processes would like to send, in spans a minute. */
  demands(): number[]
  /** False once this process counts for itself alone. */
  readonly shared: boolean
}

interface Entry {
  readonly time: number
  readonly spans: number
  readonly bytes: number
  /** Milliseconds since 1970 until when it counts for the minute. */
  until: number
}

/**
 * Keeps the ledger. A record is `R id number time spans bytes` (reserved), `D id number time` (done), `C id number`
 * (cancelled) or `W id time demand` (wants); one process's id is never used by another. What somebody reserves before
 * dying counts until it would have anyway, and no longer.
 *
 * @param files where the records of all processes are; undefined: this process counts for itself alone
 * @param id of this process, without blanks
 * @param now milliseconds since 1970
 */
export function createUsageLedger(
  files: LedgerFiles | undefined,
  id: string,
  now: () => number,
): UsageLedger {
  const recent = new Map<string, Entry>()
  /** Spans by the minute since 1970 they were reserved in, of entries that cannot change any more. */
  const settled = new Map<number, number>()
  const wants = new Map<string, { readonly time: number; readonly demand: number }>()
  let shared = files !== undefined
  let last = 0

  function write(record: string): void {
    apply(record)
    if (shared && files?.append(record) === false) shared = false
  }

  function refresh(): void {
    for (const record of shared ? (files?.read() ?? []) : []) {
      if (record.split(' ', 2)[1] !== id) apply(record)
    }
    const present = now()
    for (const [key, entry] of recent) {
      if (entry.until > present && entry.until < present + LONGEST_REQUEST_MS + MINUTE_MS + FUTURE_MS)
        continue
      recent.delete(key)
      const minute = Math.floor(entry.time / MINUTE_MS)
      settled.set(minute, (settled.get(minute) ?? 0) + entry.spans)
    }
    for (const minute of settled.keys()) if (!inHour(minute, present)) settled.delete(minute)
    for (const [writer, { time }] of wants) {
      if (Math.abs(present - time) > DEMAND_HOLDS_MS) wants.delete(writer)
    }
  }

  function apply(record: string): void {
    const [kind, writer = '', ...fields] = record.split(' ')
    const [first = 0, second = 0, spans = 0, bytes = 0] = fields.map(Number)
    const key = `${writer} ${first}`
    const entry = recent.get(key)
    if (kind === 'R') {
      recent.set(key, { time: second, spans, bytes, until: second + MINUTE_MS + LONGEST_REQUEST_MS })
    }
    if (kind === 'C') recent.delete(key)
    if (kind === 'D' && entry) entry.until = second + MINUTE_MS
    if (kind === 'W' && writer !== id) wants.set(writer, { time: first, demand: second })
  }

  function used(): Usage {
    const present = now()
    let [spansInMinute, bytesInMinute, spansInHour] = [0, 0, 0]
    for (const { spans, bytes, until } of recent.values()) {
      spansInHour += spans
      if (until <= present) continue
      spansInMinute += spans
      bytesInMinute += bytes
    }
    for (const [minute, spans] of settled) if (inHour(minute, present)) spansInHour += spans
    return { spansInMinute, bytesInMinute, spansInHour }
  }

  return {
    refresh,
    reserve(spans, bytes) {
      write(`R ${id} ${++last} ${now()} ${spans} ${bytes}`)
      return last
    },
    cancel: (number) => write(`C ${id} ${number}`),
    settle: (number) => write(`D ${id} ${number} ${now()}`),
    announce: (spansPerMinute) => write(`W ${id} ${now()} ${Math.round(spansPerMinute)}`),
    used,
    nextFree: () => [...recent.values()].reduce((soonest, { until }) => Math.min(soonest, until), Infinity),
    demands: () => [...wants.values()].map(({ demand }) => demand),
    get shared() {
      return shared
    },
  }
}

/** The minute an hour ago counts as a whole. */
function inHour(minute: number, present: number): boolean {
  const age = Math.floor(present / MINUTE_MS) - minute
  return age <= MINUTES_AN_HOUR && age >= -1
}
