import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { type Application, installApplication } from '../support/application.ts'
import { readLocalSpans } from '../support/local-spans.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

let cloud: GoogleCloud
let application: Application
beforeAll(async () => {
  cloud = await startGoogleCloud()
  application = installApplication('script-esm', 'zen-esm')
})
afterAll(async () => {
  application.remove()
  await cloud.close()
})
afterEach(async () => {
  cloud.reset()
  await cloud.faults.clear()
})

function run(env: Readonly<Record<string, string>>) {
  return runProgram(process.execPath, ['--import', registerFiles.mjs, 'app.mjs', '--runs=1'], {
    cwd: application.folder,
    env,
  })
}

describe('a file that never gives anything', () => {
  it.each(['GOOGLE_APPLICATION_CREDENTIALS', 'OTEL_EXPORTER_OTLP_CERTIFICATE', 'ZEN_TELEMETRY_INSPECT_FILE'])(
    'does not keep the process from ending: %s',
    async (variable) => {
      const pipe = join(mkdtempSync(join(tmpdir(), 'pipe-')), 'pipe')
      execFileSync('mkfifo', [pipe])
      const env = { ...cloud.env({ credentials: 'metadata' }), ZEN_TELEMETRY_SAMPLE_RATE: '1' }
      const otlp = { ZEN_TELEMETRY_EXPORTER: 'otlp', ZEN_TELEMETRY_ENDPOINT: cloud.urls.collector }
      const { code, signal } = await run({ ...env, ...otlp, [variable]: pipe })
      expect([code, signal]).toEqual([0, null])
    },
  )
})

describe('where spans go', () => {
  it('is the project of the metadata server, without any variable', async () => {
    await run({ ...cloud.env({ credentials: 'metadata', projectId: false }), ZEN_TELEMETRY_SAMPLE_RATE: '1' })
    expect(cloud.spans()).toHaveLength(8)
    expect(new Set(cloud.spans().map((span) => span.projectId))).toEqual(new Set([cloud.projectId]))
  })

  it.each(['ZEN_GCP_PROJECT', 'GOOGLE_CLOUD_PROJECT', 'GCP_PROJECT'])(
    'is the project of %s',
    async (variable) => {
      const env = cloud.env({ credentials: 'metadata', projectId: 'tea-house-42' })
      const { GOOGLE_CLOUD_PROJECT: _, ...others } = env
      await run({ ...others, [variable]: 'tea-house-42', ZEN_TELEMETRY_SAMPLE_RATE: '1' })
      expect(new Set(cloud.spans().map((span) => span.projectId))).toEqual(new Set(['tea-house-42']))
      expect(cloud.spans()).toHaveLength(8)
    },
  )

  it("is Google's OTLP endpoint with the exporter otlp, compressed and with a token", async () => {
    const env = { ...cloud.env({ credentials: 'service-account' }), ZEN_TELEMETRY_EXPORTER: 'otlp' }
    await run({ ...env, ZEN_TELEMETRY_SAMPLE_RATE: '1' })
    expect(cloud.spans()).toHaveLength(8)
    const [request] = cloud.requests('otlp')
    expect(request).toMatchObject({ host: 'telemetry.googleapis.com', path: '/v1/traces' })
    expect(request?.headers['content-encoding']).toBe('gzip')
    expect(request?.headers['content-type']).toBe('application/x-protobuf')
    expect(request?.credential).toBeDefined()
  })

  it('is a collector of the user, which gets no token of Google', async () => {
    const env = cloud.env({ credentials: 'service-account', projectId: false })
    const { GOOGLE_CLOUD_PROJECT: _, ...others } = env
    const { stderr } = await run({
      ...others,
      ZEN_TELEMETRY_EXPORTER: 'otlp',
      ZEN_TELEMETRY_ENDPOINT: cloud.urls.collector,
      ZEN_TELEMETRY_SAMPLE_RATE: '1',
    })
    expect(stderr).toBe('')
    expect(cloud.spans()).toHaveLength(8)
    expect(cloud.requests('collector').map((request) => request.credential)).toEqual([undefined])
  })

  it('is the endpoint of the standard variables with the exporter otlp, and only there', async () => {
    const env = {
      ...cloud.env({ credentials: 'metadata' }),
      OTEL_EXPORTER_OTLP_ENDPOINT: cloud.urls.collector,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-team=tea',
      ZEN_TELEMETRY_SAMPLE_RATE: '1',
    }
    await run(env)
    expect(cloud.requests('collector')).toEqual([])
    cloud.reset()
    await run({ ...env, ZEN_TELEMETRY_EXPORTER: 'otlp' })
    expect(cloud.requests('collector').map((request) => request.headers['x-team'])).toEqual(['tea'])
    expect(cloud.spans()).toHaveLength(8)
  })

  it('is a file on this machine where there is no project', async () => {
    const env = localEnvironment()
    expect(await run(env)).toMatchObject({ code: 0, stderr: '' })
    const spans = readLocalSpans(env.ZEN_TELEMETRY_DIR)
    expect(spans).toHaveLength(8)
    expect(spans[0]?.resource).toMatchObject({ 'service.name': 'zen-library', 'service.version': '1.2.4' })
  })

  it('is a file on this machine with the exporter local, whatever the project', async () => {
    const env = {
      ...localEnvironment(),
      ...cloud.env({ credentials: 'metadata' }),
      ZEN_TELEMETRY_EXPORTER: 'local',
    }
    expect(await run(env)).toMatchObject({ code: 0, stderr: '' })
    expect(readLocalSpans(env.ZEN_TELEMETRY_DIR)).toHaveLength(8)
    expect(cloud.spans()).toEqual([])
  })

  it('is stderr with the exporter console', async () => {
    const { stdout, stderr } = await run({ ...localEnvironment(), ZEN_TELEMETRY_EXPORTER: 'console' })
    expect(stderr.match(/zen\.orchestrator\.process_command/g)).toHaveLength(6)
    expect(stdout).not.toContain('zen.orchestrator')
  })

  it('is nowhere with the exporter none', async () => {
    const env = {
      ...localEnvironment(),
      ...cloud.env({ credentials: 'metadata' }),
      ZEN_TELEMETRY_EXPORTER: 'none',
    }
    expect(await run(env)).toMatchObject({ code: 0, stderr: '' })
    expect(cloud.spans()).toEqual([])
    expect(readLocalSpans(env.ZEN_TELEMETRY_DIR)).toEqual([])
  })

  it('is reached through the proxy of HTTPS_PROXY, in either spelling', async () => {
    for (const spelling of ['HTTPS_PROXY', 'https_proxy']) {
      const {
        HTTPS_PROXY,
        https_proxy: _,
        NO_PROXY: __,
        no_proxy: ___,
        ...env
      } = cloud.env({ credentials: 'metadata' })
      cloud.reset()
      await run({ ...env, [spelling]: HTTPS_PROXY ?? '', ZEN_TELEMETRY_SAMPLE_RATE: '1' })
      expect(cloud.spans()).toHaveLength(8)
    }
  })
})

describe('a service that fails at first', () => {
  it.each([
    { title: 'is unavailable twice', fault: { kind: 'status', code: 14, times: 2 } },
    { title: 'drops the connection', fault: { kind: 'drop', times: 1 } },
  ] as const)('gets the spans all the same when it $title', async ({ fault }) => {
    await cloud.faults.set('cloudTrace', fault)
    const { code } = await run({ ...cloud.env({ credentials: 'metadata' }), ZEN_TELEMETRY_SAMPLE_RATE: '1' })
    expect(code).toBe(0)
    const ids = new Set(cloud.spans().map((span) => span.spanId))
    expect(ids.size).toBe(8)
  })

  it('does not hold the end of the process for longer than the exit may take', async () => {
    await cloud.faults.set('cloudTrace', { kind: 'hang' })
    const { code, stderr } = await run({
      ...cloud.env({ credentials: 'metadata' }),
      ZEN_TELEMETRY_SAMPLE_RATE: '1',
      ZEN_TELEMETRY_EXIT_TIMEOUT: '0.5',
    })
    expect(code).toBe(0)
    expect(stderr).toContain('8 spans')
    expect(stderr).toContain('kept in the journal for the next process')
  })
})
