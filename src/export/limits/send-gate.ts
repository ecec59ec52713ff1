import type { BackOffMark } from './back-off-mark.ts'
import type { MachinePace } from './machine-pace.ts'
import type { Rates } from './rate-limiter.ts'
import type { Usage, UsageLedger } from './usage-ledger.ts'

/** Lets one request after another through, as the limits of all processes of the user allow. */
export interface SendGate {
  /**
   * Waits until a request may be made, and takes its share of the limits.
   *
   * @param bytes size of all spans
   * @returns its number, for {@link SendGate.leave}; undefined if it is not to be made any more
   */
  enter(spans: number, bytes: number): Promise<number | undefined>
  /** The request has ended. */
  leave(number: number, ending: RequestEnding): void
  /** Nothing that waits is to be sent any more. */
  abandon(): void
  /** The process ends: whoever had to wait longer than so many milliseconds is not to be sent any more. */
  end(withinMs: number): void
}

/** How a request ended, as far as limits are concerned. */
export type RequestEnding =
  | { readonly kind: 'accepted' }
  /** A limit is used up, and perhaps for so many milliseconds. */
  | { readonly kind: 'refused'; readonly pauseMs?: number | undefined }
  | { readonly kind: 'failed' }

/** What the gate looks at. */
export interface SendGateOptions {
  readonly ledger: UsageLedger
  readonly mark: BackOffMark
  readonly rates: Rates
  /** Keeps requests apart, where the quota is shared with strangers. */
  readonly pace?: MachinePace | undefined
  /** How many processes share the rates where the ledger does not know; at least 1. */
  readonly siblings: () => number
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Told when a request has to wait, and for how long. */
  readonly onWait: (milliseconds: number) => void
}

/** Those who wait for the same moment do not come at the same moment. */
const SPREAD_MS = 400
const LONGEST_SLEEP_MS = 15_000

/**
 * Reserves first and looks then: who finds that others came in between takes the reservation back and tries again. So
 * two may both step back, but never both go through.
 */
export function createSendGate(options: SendGateOptions): SendGate {
  const { ledger, mark, rates, now } = options
  let abandoned = 0
  let longestWait = Number.POSITIVE_INFINITY
  let wakeUp: (() => void) | undefined

  async function enter(spans: number, bytes: number): Promise<number | undefined> {
    const since = abandoned
    for (;;) {
      const wait = waitFor(spans, bytes)
      if (typeof wait === 'object') return wait.number
      if (wait > longestWait) return undefined
      options.onWait(wait)
      await sleep(wait)
      if (abandoned !== since) return undefined
    }
  }

  /** The number of a reservation, or how long to wait before the next try. */
  function waitFor(spans: number, bytes: number): { number: number } | number {
    const present = now()
    const paused = mark.until()
    if (paused > present) return spread(paused - present)
    const apart = options.pace?.waitMs() ?? 0
    if (apart > 0) return spread(apart)
    ledger.refresh()
    if (fits(spans, bytes, ledger.used())) {
      const number = ledger.reserve(spans, bytes)
      ledger.refresh()
      if (fits(spans, bytes, withoutMine(spans, bytes))) {
        options.pace?.began()
        return { number }
      }
      ledger.cancel(number)
      return spread(0)
    }
    const next = ledger.nextFree()
    return spread(Number.isFinite(next) ? Math.max(0, next - present) : LONGEST_SLEEP_MS)
  }

  /** A request that is larger than a limit as a whole would never fit; it goes when nothing else does. */
  function fits(spans: number, bytes: number, used: Usage): boolean {
    const parts = ledger.shared ? 1 : options.siblings()
    const within = (before: number, more: number, limit: number): boolean =>
      before + more <= limit / parts || (before === 0 && more > limit / parts)
    return (
      within(used.spansInMinute, spans, rates.spansPerMinute) &&
      within(used.spansInHour, spans, rates.spansPerHour) &&
      within(used.bytesInMinute, bytes, rates.bytesPerMinute)
    )
  }

  function withoutMine(spans: number, bytes: number): Usage {
    const { spansInMinute, bytesInMinute, spansInHour } = ledger.used()
    return {
      spansInMinute: spansInMinute - spans,
      bytesInMinute: bytesInMinute - bytes,
      spansInHour: spansInHour - spans,
    }
  }

  function spread(milliseconds: number): number {
    return Math.min(milliseconds, LONGEST_SLEEP_MS) + 1 + Math.random() * SPREAD_MS
  }

  function sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  return {
    enter,
    leave(number, ending) {
      ledger.settle(number)
      options.pace?.ended(ending.kind === 'failed' ? undefined : ending.kind === 'accepted')
      if (ending.kind === 'refused') mark.refused(ending.pauseMs)
    },
    abandon() {
      abandoned++
      wakeUp?.()
    },
    end(withinMs) {
      longestWait = withinMs
      wakeUp?.()
    },
  }
}
