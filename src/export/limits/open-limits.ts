import { randomBytes } from 'node:crypto'
import type { Mode } from '../../transport/wire.ts'
import { createBackOffMark } from './back-off-mark.ts'
import { openLedgerFiles } from './ledger-files.ts'
import type { MachinePace } from './machine-pace.ts'
import { createMachineShare } from './machine-share.ts'
import { createRateLimiter, RATES, type RateLimiter } from './rate-limiter.ts'
import { createSendGate, type SendGate } from './send-gate.ts'
import { siblingProcesses } from './sibling-processes.ts'
import { createUsageLedger } from './usage-ledger.ts'

/** The limits of a destination that all processes of the user share. */
export interface Limits {
  /** For spans that arrive. */
  readonly limiter: RateLimiter
  /** For requests that leave. */
  readonly gate: SendGate
}

/** What they are opened with. */
export interface LimitsOptions {
  readonly mode: Exclude<Mode, 'local'>
  /** Exists, belongs to this user alone, and is that of one project; undefined: this process counts for itself. */
  readonly folder: string | undefined
  /** Keeps requests apart, where the quota is shared with strangers. */
  readonly pace?: MachinePace | undefined
  /** Told how many spans a minute this process does best to make. */
  readonly onBudget: (spansPerMinute: number) => void
  readonly onWait: (milliseconds: number) => void
}

const ID_BYTES = 6

/** Composes the limits of this process from what all of them keep in the folder. */
export function openLimits({ mode, folder, pace, onBudget, onWait }: LimitsOptions): Limits {
  const rates = RATES[mode]
  const now = Date.now
  const files = folder === undefined ? undefined : openLedgerFiles(folder, now)
  const ledger = createUsageLedger(files, `${process.pid}-${randomBytes(ID_BYTES).toString('hex')}`, now)
  const mark = createBackOffMark(folder, now)
  const clock = (): number => performance.now()
  const share = createMachineShare({
    ledger,
    spansPerMinute: rates.spansPerMinute,
    siblings: siblingProcesses,
    now: clock,
    // The ledger remembers what was sent before this export thread began.
    onRefresh: () => onBudget(limiter.budget(ledger.used().spansInHour)),
  })
  const limiter = createRateLimiter(rates, clock, share.fraction)
  return {
    limiter: {
      admit(bytes) {
        share.offered()
        return limiter.admit(bytes)
      },
      budget: limiter.budget,
    },
    gate: createSendGate({ ledger, mark, rates, pace, siblings: siblingProcesses, now, onWait }),
  }
}
