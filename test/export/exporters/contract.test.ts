import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../../fixtures/google-cloud/google-cloud.ts'
import { makeSpan } from './make-span.ts'
import { type ExporterProcess, type ExporterSetup, startExporter } from './start-exporter.ts'

const PROJECT = 'zen-test-project'
const SLOW = { timeout: 30_000 }
let cloud: GoogleCloud
const CREDENTIALS = [
  { credentials: 'metadata', seen: 'metadata' },
  { credentials: 'service-account', seen: 'self-signed-jwt' },
  { credentials: 'authorized-user', seen: 'authorized-user' },
] as const
let running: ExporterProcess[] = []
const shared = new Map<string, Promise<ExporterProcess>>()

beforeAll(async () => {
  cloud = await startGoogleCloud({ projects: [PROJECT] })
})
afterEach(async () => {
  await Promise.all(running.map((one) => one.close()))
  running = []
  await cloud.faults.clear()
  cloud.reset()
})
afterAll(async () => {
  for (const one of shared.values()) await (await one).close()
  await cloud.close()
})

/** One process for many tests: what a fault did to it must not outlive the fault. */
async function share(kind: ExporterSetup['kind']): Promise<ExporterProcess> {
  const env = cloud.env({ credentials: 'metadata' })
  const one = shared.get(kind) ?? startExporter({ kind, projectId: PROJECT }, env)
  shared.set(kind, one)
  return one
}

async function start(
  setup: Omit<ExporterSetup, 'projectId'>,
  env: Record<string, string>,
): Promise<ExporterProcess> {
  const one = await startExporter({ projectId: PROJECT, ...setup }, env)
  running.push(one)
  return one
}

describe.each([
  { kind: 'cloud-trace', service: 'cloudTrace' },
  { kind: 'otlp', service: 'otlp' },
] as const)('$kind at Google', SLOW, ({ kind, service }) => {
  it.each(CREDENTIALS)(
    'is accepted with $credentials credentials, over TLS 1.3',
    async ({ credentials, seen }) => {
      const exporter = await start({ kind }, cloud.env({ credentials }))
      const span = makeSpan({ parentSpanId: '00f067aa0ba902b7' })
      expect((await exporter.send([span])).outcome).toEqual({ status: 'accepted' })
      expect(cloud.spans()).toMatchObject([
        {
          projectId: PROJECT,
          traceId: span.traceId,
          spanId: span.spanId,
          parentSpanId: '00f067aa0ba902b7',
          name: 'zen.orchestrator.run',
          kind: 'internal',
          status: { code: 'ok' },
          startTime: BigInt(span.start * 1000) * 1000n,
          endTime: BigInt(span.end * 1000) * 1000n,
          attributes: { operation: 'main_loop', 'zen.version': '2.1.0' },
        },
      ])
      expect(cloud.requests(service)).toMatchObject([{ tlsVersion: 'TLSv1.3', credential: { kind: seen } }])
    },
  )

  it('needs only the upper-case HTTPS_PROXY, and asks the metadata server directly', async () => {
    const { https_proxy: _, no_proxy: _no, NO_PROXY: _NO, ...env } = cloud.env({ credentials: 'metadata' })
    const exporter = await start({ kind }, env)
    expect((await exporter.send([makeSpan()])).outcome).toEqual({ status: 'accepted' })
    expect(cloud.requests('proxy').map(({ path }) => path)).toEqual([
      expect.stringMatching(/^(cloudtrace|telemetry)\.googleapis\.com:443$/),
    ])
  })

  it('goes past the proxy for hosts of NO_PROXY', async () => {
    const env = { ...cloud.env({ credentials: 'service-account' }), no_proxy: '', NO_PROXY: 'googleapis.com' }
    const exporter = await start({ kind }, env)
    // Without the proxy, Google's names lead nowhere here.
    expect((await exporter.send([makeSpan()], 3000)).outcome).toMatchObject({ status: 'failed' })
    expect(cloud.requests('proxy')).toEqual([])
  })

  it('signs tokens of a service account itself', async () => {
    const exporter = await start({ kind }, cloud.env({ credentials: 'service-account' }))
    await exporter.send([makeSpan()])
    expect(cloud.requests('token')).toEqual([])
  })

  it('carries the resource, the error and its stack', async () => {
    const exporter = await share(kind)
    const error = { type: 'TypeError', message: 'no such thing', stack: 'TypeError: no such thing\n    at x' }
    await exporter.send([makeSpan({ error, incomplete: true, attributes: { list: ['a', 'b'], ratio: 0.5 } })])
    const [span] = cloud.spans()
    expect(span).toMatchObject({
      status: { code: 'error', message: 'no such thing' },
      attributes: { 'error.type': 'TypeError', 'zen.incomplete': true },
      events: [
        {
          name: 'exception',
          attributes: {
            'exception.type': 'TypeError',
            'exception.message': 'no such thing',
            'exception.stacktrace': error.stack,
          },
        },
      ],
    })
    expect({ ...span?.resource, ...span?.attributes }).toMatchObject({
      'service.name': 'shop',
      'service.version': '1.2.3',
      'process.runtime.name': 'nodejs',
      'process.runtime.version': '20.20.2',
      'os.type': 'linux',
      'telemetry.sdk.name': 'opentelemetry',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.version': expect.any(String),
      'telemetry.distro.name': '@zen/telemetry',
      list: kind === 'otlp' ? ['a', 'b'] : '["a","b"]',
      ratio: kind === 'otlp' ? 0.5 : '0.5',
    })
  })

  it('takes numbers that are no whole numbers without losing the batch', async () => {
    const exporter = await share(kind)
    // JSON has no NaN; the largest doubles come through, and 64 bits do not hold them.
    const spans = [makeSpan({ attributes: { huge: 1e300, negative: -1e25 } }), makeSpan()]
    expect((await exporter.send(spans)).outcome).toEqual({ status: 'accepted' })
    expect(cloud.spans()).toHaveLength(2)
  })

  it('reports a refused connection as such, and sends when the service is back', async () => {
    const exporter = await share(kind)
    await cloud.faults.set(service, { kind: 'refuse' })
    const failed = await exporter.send([makeSpan()], 10_000)
    expect(failed.outcome).toMatchObject({ status: 'failed', kind: 'connection', retryable: true })
    expect(failed.milliseconds).toBeLessThan(3000)
    await cloud.faults.clear()
    expect((await exporter.send([makeSpan()])).outcome).toEqual({ status: 'accepted' })
  })

  it('reports a connection that is lost and makes a new one at once', async () => {
    const exporter = await share(kind)
    await exporter.send([makeSpan()])
    await cloud.faults.set(service, { kind: 'refuse' })
    await cloud.faults.clear()
    const outcomes = [await exporter.send([makeSpan()]), await exporter.send([makeSpan()])]
    expect(outcomes.at(-1)?.outcome).toEqual({ status: 'accepted' })
  })

  it('reports a proxy that refuses', async () => {
    const exporter = await share(kind)
    await cloud.faults.set('proxy', { kind: 'refuse' })
    const { outcome } = await exporter.send([makeSpan()], 10_000)
    expect(outcome).toMatchObject({ status: 'failed', kind: 'connection', retryable: true })
  })

  it('gives up a request that hangs, in time, and the next one is sent', async () => {
    const exporter = await share(kind)
    await cloud.faults.set(service, { kind: 'hang', times: 1 })
    const failed = await exporter.send([makeSpan()], 1000)
    expect(failed.outcome).toMatchObject({ status: 'failed', kind: 'timeout', retryable: true })
    expect(failed.milliseconds).toBeGreaterThan(900)
    expect(failed.milliseconds).toBeLessThan(1500)
    expect((await exporter.send([makeSpan()])).outcome).toEqual({ status: 'accepted' })
  })

  it('gives up when the token hangs, in time', async () => {
    await cloud.faults.set('metadata', { kind: 'hang' })
    const exporter = await start({ kind }, cloud.env({ credentials: 'metadata' }))
    const failed = await exporter.send([makeSpan()], 1000)
    expect(failed.outcome).toMatchObject({ status: 'failed', kind: 'timeout', retryable: true })
    expect(failed.milliseconds).toBeLessThan(1500)
  })

  it('reports a connection that is cut in the middle of the answer', async () => {
    const exporter = await share(kind)
    await cloud.faults.set(service, { kind: 'drop' })
    const { outcome } = await exporter.send([makeSpan()])
    expect(outcome).toMatchObject({ status: 'failed', retryable: true })
  })

  it.each([
    { grpc: 3, http: 400, failure: 'rejected-data', retryable: false },
    { grpc: 7, http: 403, failure: 'credentials', retryable: true },
    { grpc: 8, http: 429, failure: 'throttled', retryable: true },
    { grpc: 13, http: 500, failure: 'server', retryable: true },
    { grpc: 14, http: 503, failure: 'server', retryable: true },
    { grpc: 16, http: 401, failure: 'credentials', retryable: true },
    { grpc: 4, http: 504, failure: 'timeout', retryable: true },
    { grpc: 5, http: 404, failure: 'unknown', retryable: false },
  ])('reports $grpc / $http as $failure', async ({ grpc, http, failure, retryable }) => {
    const exporter = await share(kind)
    const code = kind === 'otlp' ? http : grpc
    await cloud.faults.set(service, { kind: 'status', code, message: 'because' })
    const { outcome } = await exporter.send([makeSpan()])
    expect(outcome).toMatchObject({ status: 'failed', kind: failure, retryable })
    expect(outcome).toMatchObject({ message: expect.stringContaining('because') })
  })

  it('passes on the pause that the service asks for', async () => {
    const exporter = await share(kind)
    const code = kind === 'otlp' ? 429 : 8
    await cloud.faults.set(service, { kind: 'status', code, retryAfterSeconds: 7 })
    const { outcome } = await exporter.send([makeSpan()])
    expect(outcome).toMatchObject({ kind: 'throttled', retryAfterMs: 7000 })
  })

  it('takes an expired token for a matter of credentials and gets a new one for the next request', async () => {
    const exporter = await share(kind)
    await exporter.send([makeSpan()])
    cloud.iam.expireTokens()
    const { outcome } = await exporter.send([makeSpan()])
    expect(outcome).toMatchObject({ status: 'failed', kind: 'credentials', retryable: true })
    expect((await exporter.send([makeSpan()])).outcome).toEqual({ status: 'accepted' })
  })

  it('says that there are no credentials, and finds them when they come', async () => {
    const env = cloud.env({ credentials: 'service-account' })
    const file = String(env['GOOGLE_APPLICATION_CREDENTIALS'])
    const key = readFileSync(file)
    writeFileSync(file, '{ half a key')
    const exporter = await start({ kind }, env)
    const { outcome } = await exporter.send([makeSpan()])
    expect(outcome).toMatchObject({ status: 'failed', kind: 'credentials', retryable: true })
    writeFileSync(file, key)
    expect((await exporter.send([makeSpan()])).outcome).toEqual({ status: 'accepted' })
  })

  it('uses the metadata server when the key file cannot be read', async () => {
    const env = { ...cloud.env({ credentials: 'metadata' }), GOOGLE_APPLICATION_CREDENTIALS: '/no/such/file' }
    const exporter = await start({ kind }, env)
    expect((await exporter.send([makeSpan()])).outcome).toEqual({ status: 'accepted' })
  })

  it('does not speak TLS 1.2 to Google', async () => {
    const old = await startGoogleCloud({ maxTlsVersion: 'TLSv1.2' })
    try {
      const exporter = await start({ kind }, old.env({ credentials: 'metadata' }))
      const { outcome } = await exporter.send([makeSpan()])
      expect(outcome).toMatchObject({ status: 'failed', kind: 'connection', retryable: true })
      expect(old.requests(service)).toEqual([])
    } finally {
      await old.close()
    }
  })

  it('does not trust an authority that Node does not trust', async () => {
    const { NODE_EXTRA_CA_CERTS: _, ...env } = cloud.env({ credentials: 'metadata' })
    const exporter = await start({ kind }, env)
    const { outcome } = await exporter.send([makeSpan()])
    expect(outcome).toMatchObject({ status: 'failed', kind: 'connection' })
    expect(cloud.requests(service)).toEqual([])
  })

  it('writes nothing to stdout and stderr, whatever happens', async () => {
    const exporter = await startExporter({ kind, projectId: PROJECT }, cloud.env({ credentials: 'metadata' }))
    for (const fault of [{ kind: 'drop' }, { kind: 'status', code: 500 }, { kind: 'refuse' }] as const) {
      await cloud.faults.set(service, fault)
      await exporter.send([makeSpan()])
    }
    await cloud.faults.set('proxy', { kind: 'refuse' })
    await exporter.send([makeSpan()])
    expect(await exporter.close()).toBe('')
  })

  it('sends nothing in public mode but what is on the list', async () => {
    const file = cloud.serviceAccountKey(PROJECT, 'community')
    cloud.iam.grant(file.client_email, PROJECT)
    const key = {
      clientEmail: file.client_email,
      privateKey: file.private_key,
      privateKeyId: file.private_key_id,
    }
    const headers = { 'x-secret': 'of the user' }
    const exporter = await start(
      { kind, key, mode: 'public', settings: { headers } },
      cloud.env({ credentials: 'none' }),
    )
    const span = makeSpan({ error: { type: 'TypeError' }, incomplete: true })
    expect((await exporter.send([span])).outcome).toEqual({ status: 'accepted' })

    const [seen] = cloud.spans()
    expect(seen?.status).toEqual({ code: 'error' })
    expect(seen?.events).toEqual([])
    expect(seen?.scope?.name ?? '').toBe('')
    expect(seen?.scope?.version ?? '').toBe('')
    expect({ ...seen?.resource, ...seen?.attributes }).toEqual({
      ...(kind === 'otlp' ? { 'gcp.project_id': PROJECT } : {}),
      'process.runtime.version': '20.20.2',
      'os.type': 'linux',
      operation: 'main_loop',
      'zen.version': '2.1.0',
      'error.type': 'TypeError',
      'zen.incomplete': true,
    })
    const [request] = cloud.requests(service)
    expect(request?.headers['x-secret']).toBeUndefined()
    for (const word of ['shop', '1.2.3', 'g.co/', 'zen/telemetry', 'telemetry.']) {
      expect(request?.body.includes(word)).toBe(false)
    }
  })
})

describe('cloud-trace at an endpoint of the user', SLOW, () => {
  it('gets no token of Google', async () => {
    const endpoint = cloud.urls.cloudTrace
    const exporter = await start({ kind: 'cloud-trace', endpoint }, cloud.env({ credentials: 'metadata' }))
    expect((await exporter.send([makeSpan()])).outcome).toMatchObject({ kind: 'credentials' })
    const [request] = cloud.requests('cloudTrace')
    expect(request?.headers['authorization']).toBeUndefined()
    expect(cloud.requests('metadata')).toEqual([])
  })
})
