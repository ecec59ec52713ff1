import { hostname, userInfo } from 'node:os'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { type Application, installApplication } from '../support/application.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { runProgram } from '../support/run-program.ts'

const EXPORTERS = [
  { exporter: 'cloud-trace', api: 'cloud-trace' },
  { exporter: 'otlp', api: 'otlp' },
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

function run(env: Readonly<Record<string, string>>, args: readonly string[] = ['--runs=1']) {
  return runProgram(process.execPath, ['--require', registerFiles.cjs, 'app.cjs', ...args], {
    cwd: application.folder,
    env: { ...cloud.env({ credentials: 'metadata' }), ZEN_TELEMETRY_SAMPLE_RATE: '1', ...env },
  })
}

describe.each(EXPORTERS)('what $exporter puts on the wire', ({ exporter, api }) => {
  it('is the name, kind, times, status and attributes of each call', async () => {
    const before = BigInt(Date.now()) * 1_000_000n
    await run({ ZEN_TELEMETRY_EXPORTER: exporter, ZEN_SERVICE_NAME: 'tea-house' })
    const spans = cloud.spans()
    expect(spans).toHaveLength(8)
    for (const span of spans) {
      expect(span).toMatchObject({ api, kind: 'internal', projectId: cloud.projectId })
      expect(span.endTime).toBeGreaterThanOrEqual(span.startTime)
      expect(span.startTime).toBeGreaterThan(before)
      expect(span.attributes).toMatchObject({
        operation: span.name === 'zen.orchestrator.run' ? 'main_loop' : 'process_command',
        'zen.version': '1.4.2',
      })
      expect({ ...span.attributes, ...span.resource }).toMatchObject({
        'service.name': 'tea-house',
        'service.version': '1.2.3',
        'process.runtime.name': 'nodejs',
        'process.runtime.version': process.versions.node,
        'os.type': 'linux',
        'telemetry.sdk.language': 'nodejs',
        'telemetry.sdk.name': 'opentelemetry',
      })
    }
  })

  it('says what kind of error a call failed with', async () => {
    await run({ ZEN_TELEMETRY_EXPORTER: exporter })
    const failed = cloud.spans().filter((span) => span.status.code === 'error')
    expect(failed.map((span) => span.name).toSorted()).toEqual([
      'zen.orchestrator.process_command',
      'zen.orchestrator.run',
    ])
    for (const span of failed) {
      expect(span.attributes['error.type']).toBe('CommandError')
      expect(span.events).toMatchObject([{ name: 'exception' }])
    }
    expect(cloud.spans().filter((span) => span.status.code === 'ok')).toHaveLength(6)
  })

  it('never is the host, the user, a path or the command line', async () => {
    await run({ ZEN_TELEMETRY_EXPORTER: exporter })
    for (const span of cloud.spans()) {
      const names = Object.keys({ ...span.attributes, ...span.resource })
      expect(names.filter((name) => /host|user|command|path|executable|owner|pid/.test(name))).toEqual([])
    }
    const bodies = cloud.requests(exporter === 'otlp' ? 'otlp' : 'cloudTrace').map((request) => request.body)
    expect(Buffer.concat(bodies).includes(hostname())).toBe(false)
    expect(Buffer.concat(bodies).includes(`/home/${userInfo().username}`)).toBe(false)
  })

  it('goes over TLS 1.3', async () => {
    await run({ ZEN_TELEMETRY_EXPORTER: exporter })
    const versions = cloud.connections(exporter === 'otlp' ? 'otlp' : 'cloudTrace').map((it) => it.tlsVersion)
    expect(new Set(versions)).toEqual(new Set(['TLSv1.3']))
  })

  it('is refused a connection that would be weaker, whatever the application trusts', async () => {
    const weaker = await startGoogleCloud({ maxTlsVersion: 'TLSv1.2' })
    const { code, stderr } = await run({
      ...weaker.env({ credentials: 'metadata' }),
      ZEN_TELEMETRY_EXPORTER: exporter,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      NODE_NO_WARNINGS: '1',
    })
    expect(weaker.spans()).toEqual([])
    expect(code).toBe(0)
    expect(stderr).toContain('not accepted')
    await weaker.close()
  })
})

describe('the number of requests and spans', () => {
  it('keeps a batch to its size', async () => {
    await run({ ZEN_TELEMETRY_BATCH_SIZE: '10' }, ['--runs=20'])
    expect(cloud.spans()).toHaveLength(103)
    const requests = cloud.requests('cloudTrace').filter((request) => request.spanCount !== undefined)
    expect(Math.max(...requests.map((request) => request.spanCount ?? 0))).toBeLessThanOrEqual(10)
  })

  it('is none at rate 0, and the application works as ever', async () => {
    const { code, stderr } = await run({ ZEN_TELEMETRY_SAMPLE_RATE: '0', ZEN_TELEMETRY_KEEP_ERRORS: 'off' })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(cloud.requests()).toEqual([])
  })

  it('holds whole traces only: an unsampled root has no sampled descendants', async () => {
    await run({ ZEN_TELEMETRY_SAMPLE_RATE: '0.5', ZEN_TELEMETRY_KEEP_ERRORS: 'off' }, ['--runs=60'])
    const spans = cloud.spans()
    const roots = spans.filter((span) => span.parentSpanId === undefined)
    expect(roots.length).toBeGreaterThan(10)
    expect(roots.length).toBeLessThan(51)
    expect(roots.every((root) => root.name === 'zen.orchestrator.run')).toBe(true)
    const ids = new Set(spans.map((span) => span.spanId))
    expect(spans.filter((span) => span.parentSpanId !== undefined && !ids.has(span.parentSpanId))).toEqual([])
  })
})

describe('a call that failed and was not sampled', () => {
  it('is a span without descendants in private mode', async () => {
    await run({ ZEN_TELEMETRY_SAMPLE_RATE: '0' }, ['--runs=3'])
    const spans = cloud.spans()
    expect(spans.map((span) => span.name)).toEqual(['zen.orchestrator.run'])
    expect(spans[0]).toMatchObject({
      status: { code: 'error' },
      attributes: { 'error.type': 'CommandError' },
    })
    expect(spans[0]?.parentSpanId).toBeUndefined()
    expect(Number(spans[0]?.endTime) - Number(spans[0]?.startTime)).toBeGreaterThan(0)
  })
})

describe('a burst above the bounds', () => {
  it('is delivered as far as they allow, and the rest is counted in one warning', async () => {
    const { code, stderr } = await run({ ZEN_TELEMETRY_QUEUE_SIZE: '20', ZEN_TELEMETRY_LOG_LEVEL: 'debug' }, [
      '--runs=400',
    ])
    expect(code).toBe(0)
    const [, dropped = '0'] = /queue_full: (\d+)/.exec(stderr) ?? []
    const made = 401 + 1602
    expect(cloud.spans().length + Number(dropped)).toBe(made)
    if (Number(dropped) > 0) expect(stderr.match(/warn: .*queue_full/g)).toHaveLength(1)
  })

  it('is limited to what one project is sent in a minute, with the number', async () => {
    const { code, stderr } = await run(
      { ZEN_TELEMETRY_QUEUE_SIZE: '100000', ZEN_TELEMETRY_EXIT_TIMEOUT: '20' },
      ['--runs=2100'],
    )
    expect(code).toBe(0)
    const made = 2101 + 8402
    const refused = [...stderr.matchAll(/spans_per_minute: (\d+)/g)].reduce(
      (sum, match) => sum + Number(match[1]),
      0,
    )
    expect(refused).toBeGreaterThanOrEqual(made - 10_000)
    expect(cloud.spans().length).toBe(made - refused)
  })
})
