import type { Logger } from '../../shared/log.ts'
import type { LimitReason } from './rate-limiter.ts'

const MINUTE = 60_000

/** Which bound a span is over: one of the rates, or that of the queue between the threads. */
export type OverReason = LimitReason | 'queue_full' | 'too_large'

/** Says how many spans were not sent because of the limits. */
export interface LimitWarnings {
  /**
   * Spans were refused, one unless it says more. Warns if the last warning is a minute ago, or there was none.
   */
  count(reason: OverReason, spans?: number): void
  /** Warns about what was counted since the last warning, if that is a minute ago; to be called now and then. */
  tick(): void
  /** Warns about what was counted since the last warning, however long ago that is; to be called at the end. */
  flush(): void
}

/** What the warnings are made of. */
export interface LimitWarningsOptions {
  readonly log: Pick<Logger, 'warn'>
  /** Milliseconds from any origin. A step backwards does not silence it. */
  readonly now: () => number
}

/** Sums up refused spans by reason, for one line a minute at most, and one at the end. Owns no timer. */
export function createLimitWarnings({ log, now }: LimitWarningsOptions): LimitWarnings {
  const refused = new Map<OverReason, number>()
  let warnedAt: number | undefined

  function warn(): void {
    if (refused.size === 0) return
    warnedAt = now()
    const total = [...refused.values()].reduce((sum, spans) => sum + spans, 0)
    const reasons = [...refused].map(([reason, spans]) => `${reason}: ${spans}`).join(', ')
    refused.clear()
    log.warn(
      `${total} ${total === 1 ? 'span was' : 'spans were'} not sent, over the limits (${reasons}); ` +
        'a lower ZEN_TELEMETRY_SAMPLE_RATE spreads what is sent evenly',
    )
  }

  function tick(): void {
    const since = warnedAt === undefined ? MINUTE : now() - warnedAt
    if (since >= MINUTE || since < 0) warn()
  }

  return {
    count(reason, spans = 1) {
      refused.set(reason, (refused.get(reason) ?? 0) + spans)
      tick()
    },
    tick,
    flush: warn,
  }
}
