import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { report } from '../../src/cli/commands/report.ts'
import type { ProcessStatus } from '../../src/export/metrics/process-status.ts'
import { runCli } from '../../src/cli/run-cli.ts'
import { recordingTerminal } from './recording-terminal.ts'

/** Larger than any process id. */
const NOBODY = 2 ** 30
const TIME = Date.UTC(2026, 10, 24, 20)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-report-'))
  mkdirSync(join(folder, 'processes'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Of a process that cannot be seen from here, as in another container. */
function say(said: Partial<ProcessStatus> & { readonly pid: number }, name = `${said.pid}-1.json`): string {
  const calm = { rateBound: 1, breaker: 'closed', dropped: {}, load: { inForce: [], records: [] } }
  const status = { version: 1, startedAt: new Date(TIME).toISOString(), ...calm, ...said }
  const file = join(folder, 'processes', name)
  writeFileSync(file, JSON.stringify(status))
  return file
}

async function run(...options: string[]) {
  const { terminal, printed } = recordingTerminal()
  const environment = { ZEN_TELEMETRY_DIR: folder }
  const exitCode = await runCli([report], {
    argv: ['report', ...options],
    environment,
    cwd: folder,
    terminal,
  })
  return { exitCode, printed: printed() }
}

const BUSY = {
  time: TIME,
  signal: 'cpu',
  value: '93 % of a core',
  action: 'sampling rate at most 5 %',
}

describe('report', () => {
  it('is calm where nothing runs, and where all is well', async () => {
    expect(await run()).toMatchObject({
      exitCode: 0,
      printed: expect.stringContaining('calm, 0 processes run'),
    })
    say({ pid: 4711 })
    expect(await run()).toMatchObject({
      exitCode: 0,
      printed: expect.stringContaining('calm, 1 process runs'),
    })
  })

  it('tells the reactions in force, those that are over, and what to do', async () => {
    const records = [{ ...BUSY, signal: 'heap', value: '85 % of its limit', revertedAt: TIME + 60_000 }, BUSY]
    say({ pid: 4711, rateBound: 0.05, load: { inForce: ['cpu-high'], records } })
    const { exitCode, printed } = await run()
    expect(exitCode).toBe(1)
    expect(printed.split('\n')).toEqual([
      'level        watch, 1 process runs',
      'risks        process 4711: cpu at 93 % of a core',
      'in force     process 4711: sampling rate at most 5 %, since 2026-11-24T20:00:00.000Z',
      'past         process 4711: heap at 85 % of its limit, sampling rate at most 5 %, 2026-11-24T20:00:00.000Z to 2026-11-24T20:01:00.000Z',
      expect.stringMatching(/^to do {8}The processors are busy/),
      '',
    ])
  })

  it('is in trouble where spans are lost, or deliveries fail', async () => {
    say({ pid: 1, dropped: { spans_per_minute: 12, not_public: 3 } })
    say({ pid: 2, breaker: 'open' })
    const { printed } = await run('--json')
    expect(JSON.parse(printed)).toMatchObject({
      level: 'trouble',
      processes: 2,
      risks: ['process 2: deliveries fail', 'process 1: 12 spans were dropped by limits'],
    })
  })

  it('passes over what was killed, and what is no status', async () => {
    const old = (Date.now() - 60_000) / 1000
    utimesSync(say({ pid: NOBODY, breaker: 'open' }), old, old)
    writeFileSync(join(folder, 'processes', '2-1.json'), 'half a li')
    expect(await run()).toMatchObject({ exitCode: 0, printed: expect.stringContaining('0 processes run') })
  })
})
