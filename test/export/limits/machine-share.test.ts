import { describe, expect, it } from 'vitest'
import { createMachineShare } from '../../../src/export/limits/machine-share.ts'
import type { UsageLedger } from '../../../src/export/limits/usage-ledger.ts'

const SECOND = 1000

function share(ledger: Partial<UsageLedger>, siblings = 1) {
  let time = 0
  const announced: number[] = []
  const budgets: number[] = []
  const found = createMachineShare({
    ledger: {
      refresh: () => {},
      announce: (demand: number) => announced.push(demand),
      demands: () => [],
      shared: true,
      ...ledger,
    } as UsageLedger,
    spansPerMinute: 1000,
    siblings: () => siblings,
    now: () => time,
    onRefresh: () => budgets.push(time),
  })
  return { found, announced, budgets, pass: (ms: number) => (time += ms) }
}

describe('the share of a process', () => {
  it('is everything for one alone, and what the others leave otherwise', () => {
    expect(share({}).found.fraction()).toBe(1)
    expect(share({ demands: () => [400, 5000, 5000] }).found.fraction()).toBe(0.25)
    expect(share({ demands: () => [100, 5000] }).found.fraction()).toBe(0.45)
  })

  it('is looked up every five seconds at most, and tells the others what this process wants', () => {
    const { found, announced, budgets, pass } = share({})
    found.fraction()
    for (let span = 0; span < 100; span++) {
      found.offered()
      found.fraction()
    }
    expect(announced).toEqual([0])
    pass(10 * SECOND)
    found.fraction()
    expect(announced).toEqual([0, 600])
    expect(budgets).toEqual([0, 10 * SECOND])
  })

  it('is an equal part of what can be seen where nothing can be shared', () => {
    expect(share({ shared: false }, 8).found.fraction()).toBe(1 / 8)
  })
})
