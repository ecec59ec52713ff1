import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { AuditRecord } from '../../../src/export/load/audit-log.ts'
import { bundle } from '../../support/bundle.ts'

const LONG_MS = 40_000

interface State {
  readonly inForce: readonly string[]
  readonly rate: number
  readonly queue: number
  readonly records: readonly AuditRecord[]
}

let program: string
let thread: string
beforeAll(async () => {
  program = await bundle(new URL('load-process.ts', import.meta.url))
  thread = await bundle(new URL('load-thread.ts', import.meta.url))
})

const running: (() => void)[] = []
afterEach(() => {
  for (const kill of running.splice(0)) kill()
})

/** A real process in trouble, with threads as the agent has them. */
function start(trouble: string, nodeOptions: readonly string[] = []) {
  const child = spawn(process.execPath, ['--expose-gc', ...nodeOptions, program, trouble, thread], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  running.push(() => child.kill('SIGKILL'))
  const states: State[] = []
  createInterface({ input: child.stdout }).on('line', (line) => states.push(JSON.parse(line) as State))
  return {
    until: (condition: (state: State) => boolean): Promise<State> =>
      vi.waitUntil(() => states.findLast(condition), { timeout: LONG_MS, interval: 50 }),
    settle: () => child.stdin.write('enough\n'),
  }
}

const over = ({ inForce, records }: State): boolean => inForce.length === 0 && records.length > 0

describe('a process in real trouble', { timeout: 2 * LONG_MS }, () => {
  it('that burns its processors samples less and less, and all again when it has calmed down', async () => {
    const { until, settle } = start('cpu')
    const worst = await until(({ rate }) => rate === 0.01)
    expect(worst.inForce).toContain('cpu-critical')
    settle()
    const calm = await until(over)
    expect(calm.rate).toBe(1)
    expect(calm.records.every(({ revertedAt }) => revertedAt !== undefined)).toBe(true)
  })

  it('whose heap is nearly full holds fewer spans, until it has room again', async () => {
    const { until, settle } = start('heap', ['--max-old-space-size=100'])
    expect(await until(({ inForce }) => inForce.includes('heap'))).toMatchObject({ queue: 1024 })
    settle()
    expect(await until(over)).toMatchObject({ queue: 0 })
  })

  it('whose event loop is blocked samples nothing, until it turns again', async () => {
    const { until, settle } = start('loop')
    expect(await until(({ inForce }) => inForce.includes('loop-delay'))).toMatchObject({ rate: 0 })
    settle()
    expect(await until(over)).toMatchObject({ rate: 1 })
  })
})
