import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FIRST_PACE, type FleetPace, paceAfter } from '../../../src/export/limits/fleet-pace.ts'
import { createMachinePace, type MachinePace } from '../../../src/export/limits/machine-pace.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const START = 1_700_000_000_000

let folder: string
let time: number
beforeEach(() => {
  folder = tempFolder()
  time = START
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function open(where: string | undefined = folder): MachinePace {
  return createMachinePace(
    where,
    () => time,
    () => 0.5,
  )
}

function write(pace: MachinePace, accepted?: boolean): void {
  pace.began()
  pace.ended(accepted)
}

describe('the pace of a fleet', () => {
  const after = (start: FleetPace, outcomes: readonly boolean[]): FleetPace =>
    outcomes.reduce((pace, accepted) => paceAfter(pace, accepted, pace.intervalMs), start)

  it('gets slower with each refusal, and faster with what is accepted, by less', () => {
    const slow = after({ intervalMs: HOUR, streak: 0 }, [false])
    expect(slow.intervalMs).toBeGreaterThan(HOUR)
    const back = after(slow, [true])
    expect(back.intervalMs).toBeLessThan(slow.intervalMs)
    expect(back.intervalMs).toBeGreaterThan(HOUR)
  })

  it('gets slower and slower by refusals in a row, within bounds', () => {
    const refused = Array.from({ length: 10 }, () => false)
    expect(after({ intervalMs: HOUR, streak: 0 }, refused).intervalMs).toBeGreaterThan(2.5 * HOUR)
    expect(
      after(
        FIRST_PACE,
        Array.from({ length: 500 }, () => false),
      ).intervalMs,
    ).toBe(12 * HOUR)
    expect(
      after(
        FIRST_PACE,
        Array.from({ length: 500 }, () => true),
      ).intervalMs,
    ).toBe(MINUTE)
  })

  it('is measured by what was used of it', () => {
    expect(paceAfter(FIRST_PACE, false, HOUR).intervalMs).toBeGreaterThan(45 * MINUTE)
    expect(paceAfter({ intervalMs: HOUR, streak: 0 }, true, 3 * HOUR).intervalMs).toBe(HOUR)
  })
})

describe('the pace of a machine', () => {
  it('lets the first write through, and keeps the next apart, for all processes', () => {
    const [one, other] = [open(), open()]
    expect(one.waitMs()).toBe(0)
    write(one, true)
    expect(other.waitMs()).toBeGreaterThan(MINUTE)
    time += 2 * MINUTE
    expect([one.waitMs(), other.waitMs(), open().waitMs()]).toEqual([0, 0, 0])
  })

  it('goes on where an earlier process has ended', () => {
    for (let process = 0; process < 40; process++) {
      const pace = open()
      time += pace.waitMs()
      write(pace, false)
    }
    expect(open().waitMs()).toBeGreaterThan(30 * MINUTE)
  })

  it('stays as it is through an outage, where the service says nothing about its quota', () => {
    const pace = open()
    write(pace, undefined)
    const wait = pace.waitMs()
    time += wait
    write(pace, undefined)
    expect(pace.waitMs()).toBe(wait)
  })

  it('begins cautiously where nothing can be kept', () => {
    expect(createMachinePace(undefined, () => time).waitMs()).toBeGreaterThan(3 * HOUR)
  })

  it('waits for no clock that has been set back, and for no file that makes no sense', () => {
    write(open(), true)
    time -= 1000 * HOUR
    expect(open().waitMs()).toBeLessThanOrEqual(3 * MINUTE)
    writeFileSync(join(folder, 'pace'), 'nonsense')
    expect(open().waitMs()).toBe(0)
  })
})
