import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { batchWriteSpans, goodSpan } from './grpc-client.ts'
import { httpsPost } from './https-request.ts'
import { runChild } from './run-child.ts'

const PROJECT = 'zen-test-project'
const DAY_SECONDS = 86_400
const CHILD = { timeout: 20_000 }
const JSON_TYPE = { 'content-type': 'application/json' }

let cloud: GoogleCloud

beforeAll(async () => {
  cloud = await startGoogleCloud({ projects: [PROJECT, 'zen-other-project'] })
})
afterEach(async () => {
  await cloud.faults.clear()
  cloud.reset()
})
afterAll(() => cloud.close())

async function metadataToken(): Promise<string> {
  const url = `${cloud.urls.metadata}/computeMetadata/v1/instance/service-accounts/default/token`
  const response = await fetch(url, { headers: { 'Metadata-Flavor': 'Google' } })
  return ((await response.json()) as { access_token: string }).access_token
}

function otlpBody(resource: Record<string, string>, span: object = {}): string {
  const now = BigInt(Date.now()) * 1_000_000n
  const good = {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'good',
    kind: 1,
    startTimeUnixNano: `${now - 1000n}`,
    endTimeUnixNano: `${now}`,
  }
  const attributes = Object.entries(resource).map(([key, stringValue]) => ({ key, value: { stringValue } }))
  return JSON.stringify({
    resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [{ ...good, ...span }] }] }],
  })
}

describe('the stock libraries in a real process', () => {
  it.each([
    ['metadata', 'metadata'],
    ['service-account', 'service-account'],
    ['authorized-user', 'authorized-user'],
  ] as const)(
    'deliver to Cloud Trace over TLS 1.3 and the proxy with %s credentials',
    CHILD,
    async (credentials, kind) => {
      const child = await runChild('send-cloud-trace.mjs', cloud.env({ credentials }), ['hello'])
      expect(child).toMatchObject({ code: 0, stdout: '{"code":0}\n' })
      const [span] = await cloud.waitForSpans(1)
      expect(span).toMatchObject({
        api: 'cloud-trace',
        projectId: PROJECT,
        name: 'hello',
        kind: 'internal',
        status: { code: 'ok' },
        attributes: { answer: 42 },
        events: [
          {
            name: 'asked',
            attributes: { of: 'the child' },
          },
        ],
      })
      expect(cloud.requests('cloudTrace')).toMatchObject([
        { outcome: 'accepted', spanCount: 1, tlsVersion: 'TLSv1.3', credential: { kind } },
      ])
      expect(cloud.requests('proxy').map(({ path }) => path)).toContain('cloudtrace.googleapis.com:443')
      expect(cloud.connections('cloudTrace')).toEqual([
        { service: 'cloudTrace', tlsVersion: 'TLSv1.3', serverName: 'cloudtrace.googleapis.com' },
      ])
    },
  )

  it.each([
    ['metadata', 'telemetry.googleapis.com'],
    ['service-account', 'telemetry.us-central1.rep.googleapis.com'],
    ['authorized-user', 'telemetry.googleapis.com'],
  ] as const)('deliver OTLP with %s credentials to %s', CHILD, async (credentials, host) => {
    const child = await runChild('send-otlp.mjs', cloud.env({ credentials }), [host])
    expect(child).toMatchObject({ code: 0, stdout: '{"code":0}\n' })
    const [span] = await cloud.waitForSpans(1)
    expect(span).toMatchObject({
      api: 'otlp',
      projectId: PROJECT,
      name: 'hello',
      status: {
        code: 'error',
        message: 'it failed',
      },
      attributes: {
        answer: 42,
        list: ['a', 'b'],
      },
      resource: { 'service.name': 'child' },
    })
    expect(cloud.requests('otlp')).toMatchObject([
      { outcome: 'accepted', host, headers: { 'content-encoding': 'gzip' } },
    ])
  })

  it('find no credentials and no metadata server with none', CHILD, async () => {
    const child = await runChild('google-token.mjs', cloud.env({ credentials: 'none' }))
    expect(child.code).toBe(1)
    expect(child.stderr).toContain('Could not load the default credentials')
    expect(cloud.requests()).toEqual([])
  })

  it('are refused a bad span', CHILD, async () => {
    const attributes = JSON.stringify({ ['k'.repeat(513)]: 1 })
    const env = cloud.env({ credentials: 'metadata' })
    const child = await runChild('send-cloud-trace.mjs', env, ['bad', attributes])
    expect(child.stdout).toContain('3 INVALID_ARGUMENT: Attribute key of 513 bytes')
    expect(cloud.spans()).toEqual([])
  })

  it('are refused OTLP without gcp.project_id', CHILD, async () => {
    const env = cloud.env({ credentials: 'metadata' })
    const child = await runChild('send-otlp.mjs', env, ['telemetry.googleapis.com', 'no-project'])
    expect(JSON.parse(child.stdout)).toMatchObject({ code: 1, http: 400 })
  })
})

describe('Cloud Trace', () => {
  const long = (value: string): object => ({
    attributes: { attributeMap: { key: { stringValue: { value } } } },
  })
  const now = Math.floor(Date.now() / 1000)
  const inProject = (rest: string): object => ({ name: `projects/${PROJECT}/${rest}` })
  const event = { time: { seconds: now }, annotation: { description: { value: 'event' } } }

  it.each([
    ['a malformed name', inProject('spans/1'), /not of the form/],
    ['another project', { name: goodSpan('zen-other-project').name }, /not in project/],
    ['another span id', { spanId: '1111111111111111' }, /span_id/],
    ['a zero trace id', inProject(`traces/${'0'.repeat(32)}/spans/b7ad6b7169203331`), /trace id/],
    ['a zero parent', { parentSpanId: '0'.repeat(16) }, /parent span id/],
    ['no display name', { displayName: null }, /^Missing span display name!/],
    ['a display name of 1,025 bytes', { displayName: { value: 'é'.repeat(512) + 'e' } }, /1025 bytes/],
    ['a value over 64 KiB', long('v'.repeat(64 * 1024 + 1)), /65537 bytes/],
    [
      '257 events',
      { timeEvents: { timeEvent: Array.from({ length: 257 }, () => event) } },
      /257 time events/,
    ],
    ['no end', { endTime: null }, /Missing end time/],
    ['an end before its start', { endTime: { seconds: now - 60 } }, /before start/],
    ['a start 15 days ago', { startTime: { seconds: now - 15 * DAY_SECONDS } }, /14 days old/],
    ['an end in 4 days', { endTime: { seconds: now + 4 * DAY_SECONDS } }, /3 days ahead/],
  ])('refuses the whole batch for a span with %s', async (_, change, message) => {
    const spans = [goodSpan(PROJECT), { ...goodSpan(PROJECT), ...change }]
    const result = await batchWriteSpans(cloud, await metadataToken(), { name: `projects/${PROJECT}`, spans })
    expect(result).toMatchObject({ code: 3, message: expect.stringMatching(message) })
    expect(result.message).toContain('(span projects/')
    expect(cloud.spans()).toEqual([])
  })

  it('takes the largest span that is allowed', async () => {
    const largest = {
      ...goodSpan(PROJECT),
      ...long('v'.repeat(64 * 1024)),
      displayName: { value: 'é'.repeat(512) },
      timeEvents: { timeEvent: Array.from({ length: 256 }, () => event) },
    }
    const request = { name: `projects/${PROJECT}`, spans: [largest] }
    expect(await batchWriteSpans(cloud, await metadataToken(), request)).toMatchObject({ code: 0 })
  })

  it.each([
    ['projects/', 3],
    ['projects/Not_An_Id', 3],
    ['projects/zen-unknown-project', 5],
    ['projects/zen-other-project', 7],
  ])('refuses to write to %s with code %i', async (name, code) => {
    expect(await batchWriteSpans(cloud, await metadataToken(), { name, spans: [] })).toMatchObject({ code })
  })

  it('refuses missing, unknown, expired and forged tokens', async () => {
    const request = { name: `projects/${PROJECT}`, spans: [] }
    const expired = await metadataToken()
    cloud.iam.expireTokens()
    const forged = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.e30.c2ln`
    for (const token of [undefined, 'unknown', expired, forged]) {
      expect(await batchWriteSpans(cloud, token, request)).toMatchObject({ code: 16 })
    }
  })

  it('accepts a self-signed token of a service account', CHILD, async () => {
    const env = cloud.env({ credentials: 'service-account' })
    const { stdout } = await runChild('google-token.mjs', env, ['self-signed'])
    const token = (JSON.parse(stdout) as { authorization: string }).authorization.replace('Bearer ', '')
    const request = { name: `projects/${PROJECT}`, spans: [goodSpan(PROJECT)] }
    expect(await batchWriteSpans(cloud, token, request)).toMatchObject({ code: 0 })
    expect(cloud.requests('token')).toEqual([])
    expect(cloud.requests('cloudTrace')[0]?.credential?.kind).toBe('self-signed-jwt')
  })
})

describe('OTLP', () => {
  it('keeps the good spans of a request and reports the bad ones', async () => {
    const headers = { ...JSON_TYPE, authorization: `Bearer ${await metadataToken()}` }
    const url = `${cloud.urls.otlp}/v1/traces`
    const good = await httpsPost(cloud, url, headers, otlpBody({ 'gcp.project_id': PROJECT }))
    expect(good).toMatchObject({ status: 200, body: '{}' })
    const bad = await httpsPost(cloud, url, headers, otlpBody({ 'gcp.project_id': PROJECT }, { name: '' }))
    expect(JSON.parse(bad.body)).toMatchObject({ partialSuccess: { rejectedSpans: 1 } })
    expect(cloud.spans().map(({ name }) => name)).toEqual(['good'])
  })

  it('refuses a request without a token', async () => {
    const body = otlpBody({ 'gcp.project_id': PROJECT })
    expect(await httpsPost(cloud, `${cloud.urls.otlp}/v1/traces`, JSON_TYPE, body)).toMatchObject({
      status: 401,
    })
  })

  it('asks for no token and no project as a plain collector', async () => {
    const url = `${cloud.urls.collector}/v1/traces`
    const response = await fetch(url, { method: 'POST', headers: JSON_TYPE, body: otlpBody({}) })
    expect(response.status).toBe(200)
    expect(cloud.requests('collector')).toMatchObject([{ outcome: 'accepted', spanCount: 1 }])
  })
})

describe('faults', () => {
  const write = async (timeoutMs?: number): ReturnType<typeof batchWriteSpans> => {
    const request = { name: `projects/${PROJECT}`, spans: [goodSpan(PROJECT)] }
    return batchWriteSpans(cloud, await metadataToken(), request, timeoutMs)
  }

  it('refuse: Cloud Trace is not there, and is back on the same port', async () => {
    await cloud.faults.set('cloudTrace', { kind: 'refuse' })
    expect(await write()).toMatchObject({ code: 14 })
    await cloud.faults.set('cloudTrace', { kind: 'ok' })
    expect(await write()).toMatchObject({ code: 0 })
  })

  it('hang: no answer comes before the deadline', async () => {
    await cloud.faults.set('cloudTrace', { kind: 'hang' })
    expect(await write(300)).toMatchObject({ code: 4 })
    expect(cloud.requests('cloudTrace')).toMatchObject([{ outcome: 'fault' }])
  })

  it('status: any code, with RetryInfo, for as many requests as wanted', async () => {
    await cloud.faults.set('cloudTrace', {
      kind: 'status',
      code: 8,
      message: 'quota',
      retryAfterSeconds: 7,
      times: 1,
    })
    const refused = await write()
    expect(refused).toMatchObject({ code: 8, message: 'quota' })
    const details = refused.metadata?.get('grpc-status-details-bin')[0]
    expect(Buffer.from(details ?? '').toString('latin1')).toContain('google.rpc.RetryInfo')
    expect(await write()).toMatchObject({ code: 0 })
  })

  it('status: also an HTTP code that is no gRPC', async () => {
    await cloud.faults.set('cloudTrace', { kind: 'status', code: 503 })
    expect(await write()).toMatchObject({ code: 14 })
  })

  it('slow: the answer comes late', async () => {
    await cloud.faults.set('cloudTrace', { kind: 'slow', milliseconds: 300 })
    const start = Date.now()
    expect(await write()).toMatchObject({ code: 0 })
    expect(Date.now() - start).toBeGreaterThanOrEqual(299)
  })

  it('drop: the connection is cut, with or without the spans stored', async () => {
    await cloud.faults.set('cloudTrace', { kind: 'drop' })
    expect((await write()).code).toBeGreaterThan(0)
    expect(cloud.spans()).toHaveLength(0)
    await cloud.faults.set('cloudTrace', { kind: 'drop', keep: true })
    expect((await write()).code).toBeGreaterThan(0)
    expect(cloud.spans()).toHaveLength(1)
  })

  it('work for OTLP', async () => {
    const post = (): ReturnType<typeof httpsPost> =>
      httpsPost(cloud, `${cloud.urls.otlp}/v1/traces`, JSON_TYPE, otlpBody({}), 300)
    await cloud.faults.set('otlp', { kind: 'status', code: 429, retryAfterSeconds: 3 })
    expect(await post()).toMatchObject({ status: 429, headers: { 'retry-after': '3' } })
    for (const kind of ['hang', 'drop', 'refuse'] as const) {
      await cloud.faults.set('otlp', { kind })
      await expect(post()).rejects.toThrow()
    }
  })

  it('work for the metadata server and the token endpoint', async () => {
    await cloud.faults.set('metadata', { kind: 'refuse' })
    await expect(metadataToken()).rejects.toThrow('fetch failed')
    await cloud.faults.set('metadata', { kind: 'status', code: 404 })
    await expect(metadataToken()).resolves.toBeUndefined()
    await cloud.faults.set('token', { kind: 'status', code: 503 })
    expect(await httpsPost(cloud, cloud.urls.token, {}, '')).toMatchObject({ status: 503 })
  })

  it('work for the proxy, which knows Google only', CHILD, async () => {
    const env = cloud.env({ credentials: 'metadata' })
    await cloud.faults.set('proxy', { kind: 'status', code: 407 })
    const child = await runChild('send-otlp.mjs', env)
    expect(JSON.parse(child.stdout)).toMatchObject({ code: 1 })
    await cloud.faults.clear()
    await runChild('send-otlp.mjs', env, ['example.com'])
    expect(cloud.requests('proxy').map(({ path, outcome }) => `${path} ${outcome}`)).toEqual([
      'telemetry.googleapis.com:443 fault',
      'example.com:443 refused',
    ])
  })
})

describe('other ways to start it', () => {
  it('offers no more than TLS 1.2 when told so', CHILD, async () => {
    const old = await startGoogleCloud({ maxTlsVersion: 'TLSv1.2' })
    try {
      await runChild('send-cloud-trace.mjs', old.env({ credentials: 'metadata' }))
      expect(old.connections('cloudTrace')).toMatchObject([{ tlsVersion: 'TLSv1.2' }])
    } finally {
      await old.close()
    }
  })

  it('accepts a key of an earlier cloud when told to', CHILD, async () => {
    const { GOOGLE_APPLICATION_CREDENTIALS = '' } = cloud.env({ credentials: 'service-account' })
    const other = await startGoogleCloud({
      projectId: 'zen-later-project',
      trustedKeys: [cloud.serviceAccountKey()],
    })
    try {
      const env = other.env({ credentials: 'none', projectId: PROJECT })
      await runChild('send-cloud-trace.mjs', { ...env, GOOGLE_APPLICATION_CREDENTIALS })
      expect(other.spans()).toMatchObject([{ projectId: PROJECT }])
    } finally {
      await other.close()
    }
  })

  it('closes at once, hanging requests or not', async () => {
    const other = await startGoogleCloud()
    await other.faults.set('metadata', { kind: 'hang' })
    const hanging = fetch(other.urls.metadata).catch((error: unknown) => error)
    await expect.poll(() => other.requests('metadata').length).toBe(1)
    const start = Date.now()
    await other.close()
    expect(Date.now() - start).toBeLessThan(500)
    expect(await hanging).toBeInstanceOf(Error)
  })

  it('says what came instead when spans are waited for in vain', async () => {
    await expect(cloud.waitForSpans(1, 50)).rejects.toThrow('did not come in 50 ms; spans: none')
  })

  it('is refused for a user without a quota project', CHILD, async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const { client_id, client_secret, refresh_token } = cloud.authorizedUser()
    const form = new URLSearchParams({ grant_type: 'refresh_token', client_id, client_secret, refresh_token })
    const response = await httpsPost(cloud, cloud.urls.token, headers, form.toString())
    const { access_token } = JSON.parse(response.body) as { access_token: string }
    const result = await batchWriteSpans(cloud, access_token, { name: `projects/${PROJECT}`, spans: [] })
    expect(result).toMatchObject({ code: 7, message: expect.stringContaining('requires a quota project') })
  })
})
