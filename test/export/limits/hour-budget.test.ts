import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLedgerFiles } from '../../../src/export/limits/ledger-files.ts'
import { createMachineShare } from '../../../src/export/limits/machine-share.ts'
import { createRateLimiter, RATES } from '../../../src/export/limits/rate-limiter.ts'
import { createUsageLedger } from '../../../src/export/limits/usage-ledger.ts'
import { createAdaptiveSampler } from '../../../src/tracing/adaptive-sampler.ts'

const SECOND = 1000
const HOUR_LIMIT = RATES.private.spansPerHour
const BATCH = 200
const SPANS_PER_ROOT = 2

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hour-budget-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The time of the machine, in milliseconds since 1970. */
let time = Date.UTC(2026, 10, 24, 20)
let processes = 0

/**
 * One process with the sampler of its application thread and the limits of its export thread, which share the hour with
 * all that ran before it in the same folder. A root call makes two spans, and every one that is admitted is delivered.
 *
 * @returns how many spans were delivered, and how many were cut by a limit
 */
function runProcess({ callsASecond, seconds }: { callsASecond: number; seconds: number }) {
  let budget = 0
  let made = 0
  let delivered = 0
  let cut = 0
  let waiting = 0
  const now = (): number => time
  const ledger = createUsageLedger(openLedgerFiles(folder, now), `process-${++processes}`, now)
  const share = createMachineShare({
    ledger,
    spansPerMinute: RATES.private.spansPerMinute,
    siblings: () => 1,
    now,
    onRefresh: () => (budget = limiter.budget(ledger.used().spansInHour)),
  })
  const limiter = createRateLimiter(RATES.private, now, share.fraction)
  const sampler = createAdaptiveSampler({
    targetPerSecond: 100,
    mostRate: 1,
    seed: 42,
    spansMade: () => made,
    spanBudget: () => budget,
    now,
  })
  const end = time + seconds * SECOND
  while (time < end) {
    time += SECOND / callsASecond
    if (!sampler.shouldSample()) continue
    for (let span = 0; span < SPANS_PER_ROOT; span++) {
      made++
      share.offered()
      if (limiter.admit(500) === undefined) waiting++
      else cut++
    }
    if (waiting >= BATCH) send()
  }
  send()

  function send(): void {
    ledger.settle(ledger.reserve(waiting, waiting * 500))
    delivered += waiting
    waiting = 0
  }
  return { delivered, cut }
}

describe('the hour of a project', () => {
  it('is spent by a process that runs for long so that it is never used up', () => {
    const { delivered: quarter } = runProcess({ callsASecond: 250, seconds: 14 * 60 })
    // A twentieth of what is left each minute, less what the sampler may be off by.
    expect(quarter).toBeGreaterThan(0.4 * HOUR_LIMIT)
    expect(quarter).toBeLessThan(0.52 * HOUR_LIMIT)
    const { delivered, cut } = runProcess({ callsASecond: 250, seconds: 40 * 60 })
    expect(cut).toBe(0)
    expect(quarter + delivered).toBeLessThan(HOUR_LIMIT)
  })

  it('is spent no faster by many short processes, one after the other', () => {
    const runs = Array.from({ length: 60 }, () => runProcess({ callsASecond: 500, seconds: 50 }))
    const total = runs.reduce((sum, { delivered }) => sum + delivered, 0)
    expect(runs.map(({ cut }) => cut)).toEqual(runs.map(() => 0))
    expect(total).toBeLessThan(HOUR_LIMIT)
  })
})
