import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../../fixtures/google-cloud/google-cloud.ts'
import { NO_OTLP_SETTINGS, type OtlpSettings } from '../../../src/export/destination/otlp-environment.ts'
import type { Exporter } from '../../../src/export/exporters/exporter.ts'
import { createOtlpExporter } from '../../../src/export/exporters/otlp.ts'
import { makeSpan } from './make-span.ts'

let cloud: GoogleCloud
let open: Exporter[] = []

beforeAll(async () => {
  cloud = await startGoogleCloud()
})
afterEach(async () => {
  await Promise.all(open.map((exporter) => exporter.close()))
  open = []
  await cloud.faults.clear()
  cloud.reset()
})
afterAll(() => cloud.close())

function create(settings: Partial<OtlpSettings> = {}, url = `${cloud.urls.collector}/v1/traces`): Exporter {
  const exporter = createOtlpExporter({
    url,
    projectId: undefined,
    credentials: { headers: () => Promise.reject(new Error('no token for a collector')), forget: () => {} },
    settings: { ...NO_OTLP_SETTINGS, ...settings },
    resource: {
      mode: 'private',
      serviceName: 'shop',
      facts: { serviceVersion: undefined, nodeVersion: '20.20.2', osType: 'linux' },
    },
  })
  open.push(exporter)
  return exporter
}

describe('otlp at a collector', () => {
  it('sends compressed protobuf without a token and without a project', async () => {
    expect(await create().send([makeSpan()], 5000)).toEqual({ status: 'accepted' })
    const [request] = cloud.requests('collector')
    expect(request?.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      'content-encoding': 'gzip',
    })
    expect(request?.headers['authorization']).toBeUndefined()
    expect(cloud.spans()[0]?.resource).not.toHaveProperty('gcp.project_id')
    expect(cloud.spans()[0]?.scope).toMatchObject({ name: '@zen/telemetry' })
  })

  it('sends the headers of the environment, uncompressed if that is wanted', async () => {
    await create({ headers: { 'api-key': 'abc' }, compression: 'none' }).send([makeSpan()], 5000)
    const [request] = cloud.requests('collector')
    expect(request?.headers).toMatchObject({ 'api-key': 'abc' })
    expect(request?.headers).not.toHaveProperty('content-encoding')
  })

  it('reports the spans that were refused one by one', async () => {
    const outcome = await create().send([makeSpan(), makeSpan({ name: '' })], 5000)
    expect(outcome).toEqual({
      status: 'accepted',
      rejected: { count: 1, message: expect.stringContaining('Missing span display name') },
    })
    expect(cloud.spans()).toHaveLength(1)
  })

  it('does not try 500 again, as the specification has it', async () => {
    await cloud.faults.set('collector', { kind: 'status', code: 500 })
    expect(await create().send([makeSpan()], 5000)).toMatchObject({ kind: 'server', retryable: false })
  })

  it('gives up after OTEL_EXPORTER_OTLP_TIMEOUT if that is shorter', async () => {
    await cloud.faults.set('collector', { kind: 'hang' })
    const start = performance.now()
    const outcome = await create({ timeoutMs: 200 }).send([makeSpan()], 5000)
    expect(outcome).toMatchObject({ kind: 'timeout', message: 'no answer within 200 ms' })
    expect(performance.now() - start).toBeLessThan(1000)
  })

  it('keeps its connection', async () => {
    const sockets = new Set<unknown>()
    const server = createServer((request, response) => {
      sockets.add(request.socket)
      request.resume().on('end', () => response.end())
    })
    const exporter = create({}, await listen(server))
    for (let i = 0; i < 3; i += 1) await exporter.send([makeSpan()], 5000)
    expect(sockets.size).toBe(1)
    await exporter.close()
    server.close()
  })

  it('sends again at once when the kept connection was closed meanwhile', async () => {
    let requests = 0
    const server = createServer((request, response) => {
      requests += 1
      request.resume().on('end', () => (requests === 2 ? request.socket.resetAndDestroy() : response.end()))
    })
    const exporter = create({}, await listen(server))
    await exporter.send([makeSpan()], 5000)
    expect(await exporter.send([makeSpan()], 5000)).toEqual({ status: 'accepted' })
    expect(requests).toBe(3)
    await exporter.close()
    server.close()
  })

  it('does not follow a redirect', async () => {
    const server = createServer((_, response) =>
      response.writeHead(307, { location: 'http://elsewhere/' }).end(),
    )
    const outcome = await create({}, await listen(server)).send([makeSpan()], 5000)
    expect(outcome).toMatchObject({
      kind: 'unknown',
      retryable: false,
      message: 'HTTP 307 to http://elsewhere/',
    })
    server.close()
  })

  it('takes an accepted request for accepted, whatever the answer says', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end('<html>')
    })
    expect(await create({}, await listen(server)).send([makeSpan()], 5000)).toEqual({ status: 'accepted' })
    server.close()
  })
})

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`
}
