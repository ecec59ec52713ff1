import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { type Application, installApplication } from '../support/application.ts'
import { journaledSpanIds, journalLines, waitForJournal } from '../support/journal-folder.ts'
import { installedAgent, registerFiles } from '../support/packed-agent.ts'
import { type Ended, type Running, runProgram, startProgram } from '../support/run-program.ts'

let cloud: GoogleCloud
let press: Application
beforeAll(async () => {
  cloud = await startGoogleCloud()
  press = installApplication('press')
})
afterAll(async () => {
  press.remove()
  await cloud.close()
})
afterEach(async () => {
  cloud.reset()
  await cloud.faults.clear()
})

/** Processes of one user, one after the other. */
function user(more: Readonly<Record<string, string>> = {}) {
  const stateFolder = mkdtempSync(join(tmpdir(), 'state-'))
  const env = {
    ...cloud.env({ credentials: 'service-account' }),
    ZEN_TELEMETRY_SAMPLE_RATE: '1',
    ZEN_TELEMETRY_DIR: stateFolder,
    ZEN_TELEMETRY_METHODS: './lib/press.js#Press[print]',
    // Nobody waits so long: a machine that does much else may need more than the default.
    ZEN_TELEMETRY_EXIT_TIMEOUT: '20',
    ...more,
  }
  const start = (sheets: number, variables: Readonly<Record<string, string>> = {}): Running =>
    startProgram(process.execPath, ['--require', registerFiles.cjs, 'press.cjs', String(sheets), '10'], {
      cwd: press.folder,
      env: { ...env, ...variables },
    })
  const run = (sheets: number, variables?: Readonly<Record<string, string>>): Promise<Ended> =>
    start(sheets, variables).ended
  const delivered = () => cloud.spans().map((span) => span.spanId)
  const files = () => readdirSync(join(stateFolder, 'journal'))
  const tool = (...args: string[]): Promise<Ended> =>
    runProgram(process.execPath, [join(installedAgent, 'dist', 'cli.cjs'), 'journal', ...args], {
      cwd: press.folder,
      env,
    })
  return { start, run, stateFolder, delivered, files, tool }
}

describe('a process that is killed', () => {
  it('in the middle of a blocked event loop leaves its spans to the next, which delivers them', async () => {
    await cloud.faults.set('cloudTrace', { kind: 'refuse' })
    await cloud.faults.set('otlp', { kind: 'refuse' })
    const { start, run, stateFolder, delivered, files } = user()
    const killed = start(1_000_000)
    const onDisk = await waitForJournal(stateFolder, 100)
    killed.child.kill('SIGKILL')
    expect((await killed.ended).signal).toBe('SIGKILL')

    await cloud.faults.clear()
    const { code, stderr } = await run(1)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const ids = delivered()
    expect(onDisk.filter((id) => !ids.includes(id))).toEqual([])
    expect(new Set(ids).size).toBe(ids.length)
    expect(files()).toEqual([])
  })

  it('is delivered with the name of its own service', async () => {
    const { start, run, stateFolder } = user({ ZEN_TELEMETRY_FLUSH_INTERVAL: '60' })
    const killed = start(1_000_000, { ZEN_SERVICE_NAME: 'first' })
    await waitForJournal(stateFolder, 5)
    killed.child.kill('SIGKILL')
    await killed.ended
    await run(1, { ZEN_SERVICE_NAME: 'second' })
    const names = cloud.spans().map((span) => span.attributes['service.name'])
    expect(names.filter((name) => name === 'second')).toHaveLength(1)
    expect(new Set(names)).toEqual(new Set(['first', 'second']))
  })

  it('leaves nothing to a process that sends elsewhere', async () => {
    const { start, run, stateFolder, delivered } = user({ ZEN_TELEMETRY_FLUSH_INTERVAL: '60' })
    const killed = start(1_000_000)
    await waitForJournal(stateFolder, 5)
    killed.child.kill('SIGKILL')
    await killed.ended
    const before = journaledSpanIds(stateFolder)
    await run(1, { ZEN_GCP_PROJECT: 'tea-house-42' })
    expect(delivered().filter((id) => before.includes(id))).toEqual([])
    expect(journaledSpanIds(stateFolder)).toEqual(expect.arrayContaining(before))
  })
})

describe('zen-telemetry journal', () => {
  it('lists what a killed process has left, sends it, and clears the rest', async () => {
    const { start, stateFolder, tool, delivered, files } = user({ ZEN_TELEMETRY_FLUSH_INTERVAL: '60' })
    const killed = start(1_000_000, { ZEN_SERVICE_NAME: 'press' })
    await waitForJournal(stateFolder, 5)
    killed.child.kill('SIGKILL')
    await killed.ended
    const recorded = journaledSpanIds(stateFolder)
    const listed = JSON.parse((await tool('list', '--json')).stdout) as { spans: number; entries: object[] }
    expect(listed.spans).toBe(recorded.length)
    expect(listed.entries).toEqual([
      expect.objectContaining({
        service: 'press',
        mode: 'private',
        destination: 'project zen-test-project at Google',
        ownerAlive: false,
      }),
    ])
    const sent = await tool('send')
    expect({ code: sent.code, stdout: sent.stdout, stderr: sent.stderr }).toEqual({
      code: 0,
      stdout: `${recorded.length} spans delivered, 0 dropped, 0 could not be delivered and wait on.\n`,
      stderr: '',
    })
    expect(delivered().toSorted()).toEqual(recorded.toSorted())
    expect(files()).toEqual([])
    expect((await tool('clear')).stdout).toBe('0 spans in 0 files were removed.\n')
  })

  it('keeps what it cannot send, and says so', async () => {
    const { start, stateFolder, tool } = user({ ZEN_TELEMETRY_FLUSH_INTERVAL: '60' })
    const killed = start(1_000_000)
    await waitForJournal(stateFolder, 5)
    killed.child.kill('SIGKILL')
    await killed.ended
    const recorded = journaledSpanIds(stateFolder)
    await cloud.faults.set('cloudTrace', { kind: 'status', code: 7 })
    await cloud.faults.set('otlp', { kind: 'status', code: 403 })
    const sent = await tool('send', '--json')
    expect(sent.code).toBe(1)
    expect(JSON.parse(sent.stdout)).toEqual({ delivered: 0, dropped: 0, left: recorded.length })
    expect(sent.stderr).not.toBe('')
    expect((await tool('clear')).stdout).toContain(`${recorded.length} spans in 1 files were removed.`)
    expect(cloud.spans()).toEqual([])
  })
})

describe('a process that ends while the service does not take spans', () => {
  it.each(['refuse', 'hang'] as const)('keeps them for the next: %s', async (kind) => {
    await cloud.faults.set('cloudTrace', { kind })
    await cloud.faults.set('otlp', { kind })
    const { run, delivered, files } = user()
    const first = await run(20, { ZEN_TELEMETRY_EXIT_TIMEOUT: '1' })
    expect(first.code).toBe(0)
    expect(first.stderr).toMatch(/20 spans are not delivered yet; they are kept in the journal/)
    expect(first.stderr).not.toMatch(/lost/)

    await cloud.faults.clear()
    const second = await run(3)
    expect({ code: second.code, stderr: second.stderr }).toEqual({ code: 0, stderr: '' })
    expect(new Set(delivered()).size).toBe(23)
    expect(files()).toEqual([])
  })
})

describe('a process that ends before it is known where spans go', () => {
  it('keeps no more of them than anybody may see, and the next sends them to what it finds', async () => {
    await cloud.faults.set('metadata', { kind: 'hang' })
    const cli = installApplication('cli-cjs', 'zen-cjs')
    const stateFolder = mkdtempSync(join(tmpdir(), 'state-'))
    const env = {
      ...cloud.env({ credentials: 'metadata' }),
      ZEN_TELEMETRY_SAMPLE_RATE: '1',
      ZEN_TELEMETRY_DIR: stateFolder,
      ZEN_SERVICE_NAME: 'secret-service',
    }
    const run = (more: Readonly<Record<string, string>>): Promise<Ended> =>
      runProgram(process.execPath, ['--require', registerFiles.cjs, 'cli.cjs', 'run', 'fail'], {
        cwd: cli.folder,
        env: { ...env, ...more },
      })
    const first = await run({ ZEN_TELEMETRY_EXIT_TIMEOUT: '0.7' })
    expect(first).toMatchObject({ code: 3, stderr: '' })
    expect(journaledSpanIds(stateFolder)).toHaveLength(2)
    const kept = journalLines(stateFolder).join('\n')
    expect(kept).toContain('"mode":"unresolved"')
    for (const secret of ['secret-service', 'fail', cli.folder, 'stack']) expect(kept).not.toContain(secret)

    await cloud.faults.clear()
    await run({ ZEN_TELEMETRY_EXIT_TIMEOUT: '20' })
    expect(cloud.spans()).toHaveLength(4)
    expect(journaledSpanIds(stateFolder)).toEqual([])
    cli.remove()
  })
})

it('leaves nothing on disk where all is delivered, and writes nothing where spans are written once', async () => {
  const { run, delivered, files } = user()
  await run(10)
  expect(delivered()).toHaveLength(10)
  expect(files()).toEqual([])
  const local = user()
  await local.run(10, { ZEN_TELEMETRY_EXPORTER: 'local' })
  expect(readdirSync(local.stateFolder)).toEqual(['processes', 'traces'])
  expect(readdirSync(join(local.stateFolder, 'processes'))).toEqual([])
})
