import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { type Application, installApplication } from '../support/application.ts'
import { journalLines, waitForJournal } from '../support/journal-folder.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { repository } from '../support/repository.ts'
import { startProgram } from '../support/run-program.ts'

const killer = join(repository, 'test', 'process', 'children', 'kill-export-thread.cjs')
/** Spans of what the program does before it waits. */
const SPANS = 6
const MOST_MS = 30_000

let cloud: GoogleCloud
let application: Application
beforeAll(async () => {
  cloud = await startGoogleCloud()
  application = installApplication('cli-cjs', 'zen-cjs')
})
afterAll(async () => {
  application.remove()
  await cloud.close()
})
afterEach(async () => {
  await cloud.faults.clear()
  cloud.reset()
})

describe('an export thread that is killed', () => {
  function environment(): Record<string, string> {
    return {
      ...cloud.env({ credentials: 'service-account' }),
      ZEN_TELEMETRY_SAMPLE_RATE: '1',
      ZEN_TELEMETRY_FLUSH_INTERVAL: '60',
      ZEN_TELEMETRY_EXIT_TIMEOUT: '20',
      ZEN_TELEMETRY_DIR: mkdtempSync(join(tmpdir(), 'state-')),
      KILL_AFTER_SPANS: String(SPANS),
    }
  }

  function start(env: Record<string, string>, args: readonly string[]) {
    const preload = ['--require', killer, '--require', registerFiles.cjs]
    return startProgram(process.execPath, [...preload, 'cli.cjs', ...args], { cwd: application.folder, env })
  }

  it('is started again, and what it had not sent comes from the journal', async () => {
    const env = environment()
    const program = start({ ...env, KILL_EXPORT_THREAD: '1' }, ['wait'])
    await program.warned('it is started again')
    program.child.kill('SIGTERM')
    const { signal, stderr } = await program.ended
    expect(signal).toBe('SIGTERM')
    expect(stderr.match(/\[zen-telemetry\]/g)).toHaveLength(1)
    const ids = cloud.spans().map((span) => span.spanId)
    expect(ids).toHaveLength(SPANS)
    expect(new Set(ids).size).toBe(SPANS)
    expect(journalLines(env['ZEN_TELEMETRY_DIR']!)).toEqual([])
  })

  it('is given up after three times, and the next process delivers', async () => {
    const env = environment()
    const program = start({ ...env, KILL_EXPORT_THREAD: '3' }, ['wait'])
    const said = await program.warned('telemetry is off for this process')
    expect(said).toMatch(new RegExp(`0 spans are lost, ${SPANS} are kept in the journal`))
    program.child.kill('SIGTERM')
    expect((await program.ended).signal).toBe('SIGTERM')
    expect(cloud.spans()).toEqual([])
    await start({ ...env, KILL_EXPORT_THREAD: '0' }, ['run', 'echo:a']).ended
    expect(cloud.spans()).toHaveLength(SPANS + 2)
  })
})

it('is not killed again by spans that three processes died of, one after the other', async () => {
  await cloud.faults.set('cloudTrace', { kind: 'hang' })
  const stateFolder = mkdtempSync(join(tmpdir(), 'state-'))
  const env = {
    ...cloud.env({ credentials: 'service-account' }),
    ZEN_TELEMETRY_SAMPLE_RATE: '1',
    // What others have left goes along with the first request.
    ZEN_TELEMETRY_FLUSH_INTERVAL: '3',
    ZEN_TELEMETRY_EXIT_TIMEOUT: '20',
    ZEN_TELEMETRY_DIR: stateFolder,
  }
  const start = (...args: readonly string[]) =>
    startProgram(process.execPath, ['--require', registerFiles.cjs, 'cli.cjs', ...args], {
      cwd: application.folder,
      env,
    })
  /** How many requests have begun with spans of the first process. */
  const tries = (): number => journalOf('?', first).length
  const first: string[] = []
  for (let death = 1; death <= 3; death++) {
    const program = start('wait')
    if (death === 1) first.push(...(await waitForJournal(stateFolder, SPANS)))
    await vi.waitUntil(() => tries() === death, MOST_MS)
    program.child.kill('SIGKILL')
    await program.ended
  }
  cloud.reset()
  await cloud.faults.clear()

  const { code, stderr } = await start('run', 'echo:a').ended
  expect(code).toBe(0)
  expect(stderr).toMatch(new RegExp(`${SPANS} spans of the journal cannot be sent any more \\(deadly\\)`))
  expect(stderr).toMatch(/several export threads died; they are kept in ".*\.deadly"/)
  const ids = cloud.spans().map((span) => span.spanId)
  expect(ids.filter((id) => first.includes(id))).toEqual([])
  expect(ids).toHaveLength(SPANS + 2)

  /** Lines that begin so, of the segment that holds a span. */
  function journalOf(sign: string, [id = 'none']: readonly string[]): string[] {
    const folder = join(stateFolder, 'journal')
    for (const file of readdirSync(folder)) {
      const content = contentOf(join(folder, file))
      if (content.includes(id)) return content.split('\n').filter((line) => line.startsWith(sign))
    }
    return []
  }
})

/** Empty where a process has taken it since it was listed. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
