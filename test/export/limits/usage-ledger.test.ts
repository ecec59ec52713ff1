import { appendFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openLedgerFiles } from '../../../src/export/limits/ledger-files.ts'
import { createUsageLedger, type UsageLedger } from '../../../src/export/limits/usage-ledger.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const START = 1_700_000_000_000

let folder: string
let time: number
beforeEach(() => {
  folder = tempFolder()
  time = START
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const now = (): number => time

function open(id: string): UsageLedger {
  return createUsageLedger(openLedgerFiles(folder, now), id, now)
}

function used(ledger: UsageLedger): number {
  ledger.refresh()
  return ledger.used().spansInMinute
}

describe('the ledger of what was sent', () => {
  it('is the same for all who look', () => {
    const [one, other] = [open('one'), open('other')]
    one.reserve(300, 5000)
    other.reserve(20, 100)
    for (const ledger of [one, other, open('late')]) {
      ledger.refresh()
      expect(ledger.used()).toEqual({ spansInMinute: 320, bytesInMinute: 5100, spansInHour: 320 })
    }
  })

  it('counts a request until a minute after its end, whenever it may have arrived', () => {
    const [one, other] = [open('one'), open('other')]
    const number = one.reserve(300, 0)
    time += 20 * SECOND
    one.settle(number)
    time += 59 * SECOND
    expect(used(other)).toBe(300)
    time += 2 * SECOND
    expect(used(other)).toBe(0)
    expect(other.used().spansInHour).toBe(300)
  })

  it('frees what was cancelled at once', () => {
    const [one, other] = [open('one'), open('other')]
    one.cancel(one.reserve(300, 0))
    expect(used(other)).toBe(0)
    expect(other.used().spansInHour).toBe(0)
  })

  it('frees what a process had reserved that has died, when the request must have ended', () => {
    open('dead').reserve(300, 0)
    const other = open('other')
    time += 149 * SECOND
    expect(used(other)).toBe(300)
    time += 2 * SECOND
    expect(used(other)).toBe(0)
  })

  it('keeps an hour, and removes the files of what is older', () => {
    const ledger = open('one')
    for (let minute = 0; minute < 90; minute++) {
      ledger.settle(ledger.reserve(10, 0))
      time += MINUTE
      ledger.refresh()
    }
    expect(ledger.used().spansInHour).toBeGreaterThanOrEqual(600)
    expect(ledger.used().spansInHour).toBeLessThanOrEqual(620)
    expect(readdirSync(folder).length).toBeLessThan(65)
    expect(used(open('late'))).toBe(used(ledger))
  })

  it('knows what the others want, as long as they say so', () => {
    const [one, other] = [open('one'), open('other')]
    one.announce(250)
    other.refresh()
    expect(other.demands()).toEqual([250])
    time += 31 * SECOND
    other.refresh()
    expect(other.demands()).toEqual([])
  })

  it('leaves a line that is not whole for later, and anything else alone', () => {
    const ledger = open('one')
    const file = join(folder, `${Math.floor(time / MINUTE)}.log`)
    writeFileSync(file, `R other 1 ${time} 4`)
    writeFileSync(join(folder, 'back-off'), 'nothing of ours')
    expect(used(ledger)).toBe(0)
    appendFileSync(file, '0 0\nnonsense\n')
    expect(used(ledger)).toBe(40)
  })

  it('counts for itself alone once the folder is gone, and says so', () => {
    const ledger = open('one')
    expect(ledger.shared).toBe(true)
    rmSync(folder, { recursive: true })
    ledger.reserve(5, 0)
    expect([ledger.shared, used(ledger)]).toEqual([false, 5])
  })

  it('holds no longer for a clock that has been set back', () => {
    time += 24 * 60 * MINUTE
    open('early').reserve(700, 0)
    time = START
    expect(used(open('one'))).toBe(0)
  })
})
