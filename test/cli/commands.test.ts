import { mkdirSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { config } from '../../src/cli/commands/config.ts'
import { disable } from '../../src/cli/commands/disable.ts'
import { enable } from '../../src/cli/commands/enable.ts'
import { status } from '../../src/cli/commands/status.ts'
import { pidNamespace } from '../../src/export/metrics/process-status.ts'
import { runCli } from '../../src/cli/run-cli.ts'
import { recordingTerminal } from './recording-terminal.ts'

let home: string
let cwd: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'cli-home-'))
  cwd = mkdtempSync(join(tmpdir(), 'cli-app-'))
})

async function run(argv: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const { terminal, printed, noted } = recordingTerminal()
  const environment = {
    HOME: home,
    ZEN_TELEMETRY_DIR: join(home, 'state'),
    GCE_METADATA_HOST: '127.0.0.1:1',
    ...more,
  }
  const exitCode = await runCli([status, config, enable, disable], { argv, environment, cwd, terminal })
  return { exitCode, printed: printed(), noted: noted() }
}

async function json(argv: readonly string[], more: Readonly<Record<string, string>> = {}) {
  return JSON.parse((await run([...argv, '--json'], more)).printed) as Record<string, unknown>
}

describe('status', () => {
  it('is on and local without anything', async () => {
    expect(await json(['status'])).toMatchObject({
      telemetry: 'on',
      rule: { kind: 'default' },
      mode: 'local',
      exporter: 'local',
      journal: { files: 0, bytes: 0 },
    })
  })

  it('names the project, what named it, and where credentials come from', async () => {
    const key = join(home, 'key.json')
    writeFileSync(
      key,
      JSON.stringify({
        type: 'authorized_user',
        client_id: 'a',
        client_secret: 's3cret',
        refresh_token: 'r',
      }),
    )
    const environment = { GOOGLE_CLOUD_PROJECT: 'tea-house-42', GOOGLE_APPLICATION_CREDENTIALS: key }
    expect(await json(['status'], environment)).toMatchObject({
      mode: 'private',
      project: 'tea-house-42',
      source: 'GOOGLE_CLOUD_PROJECT',
      credentials: { kind: 'file', file: key, type: 'authorized_user' },
      exporter: 'cloud-trace',
    })
    const { printed } = await run(['status'], environment)
    expect(printed).toContain('private: to project tea-house-42 (from GOOGLE_CLOUD_PROJECT)')
    expect(printed).not.toContain('s3cret')
  })

  it('ends in 1, and says why, where credentials cannot be used or a value cannot be read', async () => {
    const environment = {
      GOOGLE_CLOUD_PROJECT: 'tea-house-42',
      GOOGLE_APPLICATION_CREDENTIALS: '/nowhere.json',
    }
    const { exitCode, printed } = await run(['status'], environment)
    expect(exitCode).toBe(1)
    expect(printed).toContain('there is no such file')
    expect((await run(['status'], { ZEN_TELEMETRY_SAMPLE_RATE: 'often' })).exitCode).toBe(1)
  })

  it('lists the processes that run with the agent, and what became of their spans', async () => {
    const folder = join(home, 'state', 'processes')
    mkdirSync(folder, { recursive: true })
    const now = new Date().toISOString()
    const status = {
      version: 1,
      pid: process.pid,
      pidNamespace: pidNamespace(),
      startedAt: now,
      updatedAt: now,
      agentVersion: '0.1.0',
      nodeVersion: '20.20.2',
      serviceName: 'tea-shop',
      mode: 'private',
      projectId: 'tea-house-42',
      exporter: 'cloud-trace',
      rateBound: 1,
      queueSize: 3,
      journalBytes: 0,
      breaker: 'open',
      delivered: 12,
      dropped: { queue_full: 2 },
      errors: { connection: 9 },
      load: {
        inForce: ['cpu'],
        records: [{ time: 0, signal: 'cpu', value: '93 % of a core', action: 'less' }],
      },
      samplingRate: 0.25,
      lastError: { kind: 'connection', message: 'ECONNREFUSED', at: now },
    }
    writeFileSync(join(folder, `${process.pid}-1.json`), JSON.stringify(status))
    expect((await run(['status'])).printed).toContain(`
process      ${process.pid} tea-shop, private to tea-house-42 by cloud-trace
             12 delivered, 3 wait, dropped 2 queue_full, 25 % sampled
             deliveries fail (connection): ECONNREFUSED
             in force: less (cpu at 93 % of a core)
`)
    expect(await json(['status'])).toMatchObject({ processes: [{ pid: process.pid, delivered: 12 }] })
  })

  it('says which rule has switched it off, and asks nobody', async () => {
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ name: 'app', zen: { telemetry: false } }))
    expect((await run(['status'])).printed).toContain(
      `off: "zen": { "telemetry": false } in ${join(cwd, 'package.json')}`,
    )
    expect((await run(['status'], { DO_NOT_TRACK: '1' })).printed).toContain('off: DO_NOT_TRACK="1"')
    await run(['disable'])
    expect(await json(['status'])).toMatchObject({ telemetry: 'off', rule: { kind: 'user' } })
  })
})

describe('disable and enable', () => {
  it('keep the choice of the user, for the user alone', async () => {
    const file = join(home, 'state', 'settings.json')
    expect((await run(['disable'])).exitCode).toBe(0)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ disabled: true })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(join(home, 'state')).mode & 0o777).toBe(0o700)
    expect((await run(['enable'])).exitCode).toBe(0)
    expect(await json(['status'])).toMatchObject({ telemetry: 'on' })
  })

  it('refuse a state folder that is a symbolic link', async () => {
    mkdirSync(join(home, 'elsewhere'))
    symlinkSync(join(home, 'elsewhere'), join(home, 'state'))
    const { exitCode, noted } = await run(['disable'])
    expect(exitCode).toBe(2)
    expect(noted).toContain('is a symbolic link')
  })

  it('say so where something else decides', async () => {
    expect((await run(['enable'], { DO_NOT_TRACK: '1' })).printed).toContain(
      'stays off all the same: DO_NOT_TRACK="1"',
    )
    expect((await run(['disable'], { ZEN_TELEMETRY_DISABLED: 'false' })).printed).toContain('outweighs this')
  })
})

describe('config', () => {
  it('tells for each value where it comes from', async () => {
    const environment = {
      ZEN_TELEMETRY_PROFILE: 'low-latency',
      ZEN_SERVICE_NAME: 'tea',
      ZEN_TELEMETRY_QUEUE_SIZE: 'big',
    }
    const { values } = (await json(['config'], environment)) as { values: Record<string, unknown>[] }
    const of = (variable: string) => values.find((value) => value['variable'] === variable)
    expect(of('ZEN_SERVICE_NAME')).toMatchObject({ value: 'tea', source: 'environment' })
    expect(of('ZEN_TELEMETRY_BATCH_SIZE')).toMatchObject({ value: '100', source: 'profile' })
    expect(of('ZEN_TELEMETRY_EXIT_TIMEOUT')).toMatchObject({ value: '2', source: 'default' })
    expect(of('ZEN_TELEMETRY_QUEUE_SIZE')).toMatchObject({
      value: '2048',
      source: 'default',
      unreadable: 'big',
    })
  })

  it('shows no secret', async () => {
    const { printed } = await run(['config'], {
      ZEN_TELEMETRY_EXPORTER: 'otlp',
      ZEN_TELEMETRY_ENDPOINT: 'https://jane:hunter2@collector.example/v1/traces',
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=hunter2,x=hunter3=4',
    })
    expect(printed).toContain('https://[user-info]@collector.example')
    expect(printed).toContain('api-key=[redacted],x=[redacted]')
    expect(printed).not.toContain('hunter')
  })

  it('ends in 1 where a value cannot be read', async () => {
    expect((await run(['config'], { ZEN_TELEMETRY_SAMPLE_RATE: 'often' })).exitCode).toBe(1)
    expect((await run(['config'])).exitCode).toBe(0)
  })
})
