import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { loadProtocolMessages, type Method } from '../../fixtures/google-cloud/protocol-messages.ts'
import type { ShownRequest } from '../../src/export/exporters/write-request.ts'
import { type Application, installApplication } from '../support/application.ts'
import { installedAgent, registerFiles } from '../support/packed-agent.ts'
import { runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

const tool = join(installedAgent, 'dist', 'cli.cjs')
const messages = loadProtocolMessages()
/** A busy machine may need longer than the two seconds that a user would wait. */
const PATIENT = { ZEN_TELEMETRY_SAMPLE_RATE: '1', ZEN_TELEMETRY_EXIT_TIMEOUT: '30' }
const PROTOCOLS = [
  { exporter: 'cloud-trace', service: 'cloudTrace', method: messages.batchWriteSpans },
  { exporter: 'otlp', service: 'otlp', method: messages.exportTraces },
] as const

let cloud: GoogleCloud
let application: Application
beforeAll(async () => {
  cloud = await startGoogleCloud()
  application = installApplication('script-cjs', 'zen-cjs')
})
afterAll(async () => {
  application.remove()
  await cloud.close()
})
afterEach(() => cloud.reset())

function inspect(
  options: readonly string[],
  env: Readonly<Record<string, string>>,
  program = ['app.cjs', '--runs=1'],
) {
  const args = [tool, 'inspect', ...options, '--', process.execPath, ...program]
  return runProgram(process.execPath, args, { cwd: application.folder, env })
}

function requestsIn(stdout: string): ShownRequest[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ShownRequest)
}

/** Ids and times of a run are its own; all else has to be the same. */
const OF_ONE_RUN = new Set([
  'traceId',
  'spanId',
  'parentSpanId',
  'seconds',
  'nanos',
  'startTimeUnixNano',
  'endTimeUnixNano',
  'timeUnixNano',
])

function withoutIdsAndTimes(value: unknown, key = ''): unknown {
  if (OF_ONE_RUN.has(key)) return undefined
  if (typeof value === 'string')
    return value.replace(/traces\/[0-9a-f]{32}\/spans\/[0-9a-f]{16}/, 'traces/T/spans/S')
  if (Array.isArray(value)) {
    const items = value.map((item) => withoutIdsAndTimes(item))
    return items.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
  }
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withoutIdsAndTimes(inner, name)]),
  )
}

/** Encodes a request anew, without what differs from run to run. */
function comparable(body: Buffer, method: Method): string {
  return method
    .requestSerialize(withoutIdsAndTimes(method.requestDeserialize(body)) as object)
    .toString('latin1')
}

describe.each(PROTOCOLS)('what is shown of $exporter', ({ exporter, service, method }) => {
  it('is what the service receives, byte for byte, and is not sent', async () => {
    const env = {
      ...cloud.env({ credentials: 'metadata' }),
      ...PATIENT,
      ZEN_TELEMETRY_EXPORTER: exporter,
    }
    await runProgram(process.execPath, ['--require', registerFiles.cjs, 'app.cjs', '--runs=1'], {
      cwd: application.folder,
      env,
    })
    const received = cloud.requests(service).map((request) => comparable(request.body, method))
    expect(received).toHaveLength(1)
    cloud.reset()

    const { code, stdout } = await inspect(['--json'], env)
    expect(code).toBe(0)
    const shown = requestsIn(stdout)
    expect(shown.map(({ body }) => comparable(Buffer.from(body, 'base64'), method))).toEqual(received)
    expect(shown[0]?.bytes).toBe(Buffer.from(shown[0]?.body ?? '', 'base64').length)
    expect(cloud.requests(service)).toEqual([])
    expect(cloud.spans()).toEqual([])
  })

  it('is filtered', async () => {
    const env = {
      ...cloud.env({ credentials: 'metadata' }),
      ...PATIENT,
      ZEN_TELEMETRY_EXPORTER: exporter,
    }
    const program = [
      '-e',
      "const { ZenOrchestrator } = require('zen'); class Odd extends ZenOrchestrator {}; new Odd().run(null, { text: 1 }).catch(() => {}).then(() => new ZenOrchestrator().processCommand({ toString() { throw new Error('mail jane@example.com') } })).catch(() => {})",
    ]
    const { stdout } = await inspect(['--json'], env, program)
    const bytes = requestsIn(stdout).map(({ body }) => Buffer.from(body, 'base64').toString('latin1'))
    expect(bytes.join('')).not.toContain('jane@example.com')
  })
})

describe('inspect', () => {
  it('prints requests for people, with the output of the application, and keeps nothing', async () => {
    const env = localEnvironment()
    const { code, stdout, stderr } = await inspect(['--all'], { ...env, ZEN_TELEMETRY_SAMPLE_RATE: '0' })
    expect(code).toBe(0)
    expect(stdout).toContain('1 runs, 4 commands done')
    expect(stdout).toMatch(/^not sent to .*: \d+ bytes, a line of OTLP\/JSON$/m)
    expect(stdout.match(/"zen\.orchestrator\.process_command"/g)).toHaveLength(6)
    expect(stderr).toBe('1 request; nothing was sent.\n')
    const left = readdirSync(env.ZEN_TELEMETRY_DIR, { recursive: true, withFileTypes: true })
    expect(left.filter((entry) => entry.isFile())).toEqual([])
  })

  it('shows what each process of the command would send', async () => {
    const program = [
      '-e',
      "const { spawnSync } = require('node:child_process'); for (const _ of [1, 2]) spawnSync(process.execPath, ['app.cjs', '--runs=1'])",
    ]
    const { stdout } = await inspect(['--json'], localEnvironment(), program)
    expect(requestsIn(stdout)).toHaveLength(2)
  })

  it('says why there is nothing to show', async () => {
    const env = localEnvironment()
    expect(
      (await inspect([], { ...env, ZEN_TELEMETRY_SAMPLE_RATE: '0', ZEN_TELEMETRY_KEEP_ERRORS: 'off' }))
        .stderr,
    ).toContain('--all shows every one')
    expect((await inspect([], { ...env, DO_NOT_TRACK: '1' })).stderr).toContain(
      'Telemetry is off: DO_NOT_TRACK="1"',
    )
  })

  it('ends in 1 with an application that fails, in 2 with one that cannot be started', async () => {
    const failed = await inspect([], localEnvironment(), ['-e', 'process.exit(7)'])
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('ended with code 7')
    const args = [tool, 'inspect', '--', '/nowhere/node', 'app.cjs']
    const missing = await runProgram(process.execPath, args, {
      cwd: application.folder,
      env: localEnvironment(),
    })
    expect(missing.code).toBe(2)
    expect(missing.stderr).toContain('ENOENT')
  })
})

describe('the exporter console', () => {
  it('shows the same in place, on stderr', async () => {
    const env = {
      ...cloud.env({ credentials: 'metadata' }),
      ...PATIENT,
      ZEN_TELEMETRY_EXPORTER: 'console',
    }
    const { code, stdout, stderr } = await runProgram(
      process.execPath,
      ['--require', registerFiles.cjs, 'app.cjs', '--runs=1'],
      { cwd: application.folder, env },
    )
    expect(code).toBe(0)
    expect(stdout).not.toContain('zen.orchestrator')
    expect(stderr).toMatch(
      /^\[zen-telemetry\] not sent to cloudtrace\.googleapis\.com:443: \d+ bytes, .*BatchWriteSpansRequest$/m,
    )
    const shown = JSON.parse(stderr.slice(stderr.indexOf('\n{') + 1)) as { spans: unknown[] }
    expect(shown.spans).toHaveLength(8)
    expect(cloud.requests('cloudTrace')).toEqual([])
  })
})
