import { fairShare } from './fair-share.ts'
import type { UsageLedger } from './usage-ledger.ts'

const REFRESH_MS = 5000
const MINUTE_MS = 60_000

/** The part of the limits that this process may fill. */
export interface MachineShare {
  /** One more span that this process would like to send. */
  offered(): void
  /** The part, above 0 and at most 1, as it was found within the last seconds. */
  fraction(): number
}

/** What the share is found by. */
export interface MachineShareOptions {
  readonly ledger: UsageLedger
  readonly spansPerMinute: number
  /** How many processes are counted with where the ledger is not shared; at least 1. */
  readonly siblings: () => number
  /** Milliseconds from any origin, only forwards. */
  readonly now: () => number
  /** Told each time the share was found anew. */
  readonly onRefresh: () => void
}

/**
 * Finds out every few seconds, while spans come, what the other processes of the user want to send, and tells them what
 * this one wants.
 */
export function createMachineShare(options: MachineShareOptions): MachineShare {
  const { ledger, spansPerMinute, siblings, now, onRefresh } = options
  let offered = 0
  let since = now()
  let fraction: number | undefined

  function refresh(): void {
    const elapsed = Math.max(now() - since, REFRESH_MS)
    ledger.announce((offered * MINUTE_MS) / elapsed)
    ledger.refresh()
    offered = 0
    since = now()
    fraction = ledger.shared
      ? fairShare(spansPerMinute, ledger.demands()) / spansPerMinute
      : 1 / Math.max(1, siblings())
  }

  return {
    offered: () => {
      offered++
    },
    fraction() {
      if (fraction === undefined || now() - since >= REFRESH_MS) {
        refresh()
        onRefresh()
      }
      return fraction ?? 1
    },
  }
}
