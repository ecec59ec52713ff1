import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openLimits } from '../../../src/export/limits/open-limits.ts'
import { RATES } from '../../../src/export/limits/rate-limiter.ts'
import type { SendGate } from '../../../src/export/limits/send-gate.ts'
import { bundle } from '../../support/bundle.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const LIMIT = RATES.public.spansPerMinute
const LONG_MS = 15_000

let program: string
let folder: string
beforeAll(async () => {
  program = await bundle(new URL('gate-process.ts', import.meta.url))
})
beforeEach(() => {
  folder = tempFolder()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function openGate(where: string | undefined = folder, waits: number[] = []): SendGate {
  return openLimits({ mode: 'public', folder: where, onBudget: () => {}, onWait: (ms) => waits.push(ms) })
    .gate
}

/** A real process that sends all it may. */
function startSender(spans: number) {
  const child = spawn(process.execPath, [program, folder, String(spans)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
  let sent = 0
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) sent += Number(line)
  })
  return {
    sent: () => sent,
    kill: () => {
      child.kill('SIGKILL')
      return ended
    },
  }
}

describe('the gate of requests', () => {
  it('lets eight processes through to the limit together, and not a span further, through kills and restarts', async () => {
    const senders = Array.from({ length: 8 }, (_, index) => startSender(1 + index))
    const sent = (): number => senders.reduce((sum, sender) => sum + sender.sent(), 0)
    try {
      await vi.waitUntil(() => sent() > LIMIT / 4, LONG_MS)
      await Promise.all(senders.slice(0, 4).map((sender) => sender.kill()))
      senders.push(...Array.from({ length: 4 }, () => startSender(3)))
      await vi.waitUntil(() => sent() > LIMIT - 100, LONG_MS)
      // Whoever still could would do it now.
      await pause(1000)
    } finally {
      await Promise.all(senders.map((sender) => sender.kill()))
    }
    expect(sent()).toBeGreaterThan(LIMIT - 100)
    expect(sent()).toBeLessThanOrEqual(LIMIT)
  }, 60_000)

  it('keeps all waiting when one is told that a limit is used up', async () => {
    const [one, other] = [openGate(), openGate()]
    const number = (await one.enter(1, 1)) ?? 0
    one.leave(number, { kind: 'refused', pauseMs: 60_000 })
    const waiting = other.enter(1, 1)
    expect(await Promise.race([waiting, pause(200, 'waits')])).toBe('waits')
    other.abandon()
    expect(await waiting).toBeUndefined()
  })

  it('lets nobody wait longer than the end of the process may take', async () => {
    const gate = openGate()
    gate.leave((await gate.enter(1, 1)) ?? 0, { kind: 'refused', pauseMs: 60_000 })
    const waiting = gate.enter(1, 1)
    gate.end(2000)
    expect(await waiting).toBeUndefined()
    expect(await gate.enter(1, 1)).toBeUndefined()
  })

  it('lets a process through on its own where there is no folder', async () => {
    const gate = openGate(undefined)
    expect(await gate.enter(1, 1)).toBe(1)
  })

  it('lets a request through that is larger than the limit, when nothing else was sent', async () => {
    const gate = openGate()
    expect(await gate.enter(1, 5_000_000)).toBe(1)
    const waiting = gate.enter(1, 1)
    expect(await Promise.race([waiting, pause(200, 'waits')])).toBe('waits')
    gate.abandon()
    await waiting
  })
})
