import type { Logger } from '../shared/log.ts'
import type { WireSpan } from '../transport/wire.ts'
import type { LimitWarnings } from './limits/limit-warnings.ts'
import type { RateLimiter } from './limits/rate-limiter.ts'
import type { LoadControl } from './load/load-control.ts'
import type { DeliveryRecord } from './metrics/delivery-record.ts'
import type { DropReason } from './metrics/span-counters.ts'
import type { PrivacyFilter } from './privacy/filter.ts'
import { readSpan } from './read-span.ts'

/** What spans have to pass before they are recorded and sent. */
export interface AdmissionOptions {
  readonly filter: PrivacyFilter
  /** Without it nothing is admitted. */
  readonly consented: boolean
  readonly limiter: RateLimiter
  readonly limitWarnings: LimitWarnings
  readonly load: Pick<LoadControl, 'spanAdded'>
  readonly record: DeliveryRecord
  /** Counts a span that is not sent, and settles it. */
  readonly drop: (reason: DropReason) => undefined
  readonly log: Logger
}

/** A filtered span that may be sent. */
export interface AdmittedSpan {
  readonly span: WireSpan
  /** The same as JSON, in one line. */
  readonly line: string
}

/** Makes what turns a line of the span queue into a filtered span; undefined: it was dropped and counted. */
export function createAdmission(options: AdmissionOptions): (line: string) => AdmittedSpan | undefined {
  const { consented, limiter, load, record, drop, log } = options
  const filter = consented ? options.filter : (): undefined => undefined

  return (given) => {
    const read = readSpan(given, filter, log)
    if (read === 'unreadable') return drop('unreadable')
    record.samplingRate = samplingRateOf(read?.span) ?? record.samplingRate
    if (!read) return drop(consented ? 'not_public' : 'no_consent')
    // Most spans leave as they came, and so does their text.
    const line = read.isWhole ? given : JSON.stringify(read.span)
    const bytes = Buffer.byteLength(line)
    const over = limiter.admit(bytes)
    if (!over) {
      load.spanAdded(bytes)
      return { span: read.span, line }
    }
    options.limitWarnings.count(over)
    return drop(over)
  }
}

function samplingRateOf(span: WireSpan | undefined): number | undefined {
  const rate = span?.attributes['sampling.rate']
  return typeof rate === 'number' ? rate : undefined
}
