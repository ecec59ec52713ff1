import * as grpc from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadProtocolMessages } from '../../../fixtures/google-cloud/protocol-messages.ts'
import { createCloudTraceExporter } from '../../../src/export/exporters/cloud-trace.ts'
import type { Exporter } from '../../../src/export/exporters/exporter.ts'
import type { WireSpan } from '../../../src/transport/wire.ts'
import { makeSpan } from './make-span.ts'

const FACTS = { serviceVersion: undefined, nodeVersion: '20.20.2', osType: 'linux' }

interface Received {
  name: string
  spans: { displayName: { value: string } }[]
}

let server: grpc.Server
let received: { request: Received; metadata: grpc.Metadata }[]
let exporter: Exporter

beforeEach(async () => {
  received = []
  server = new grpc.Server()
  server.addService(
    { batchWriteSpans: loadProtocolMessages().batchWriteSpans },
    {
      batchWriteSpans: (call: grpc.ServerUnaryCall<Received, object>, done: grpc.sendUnaryData<object>) => {
        received.push({ request: call.request, metadata: call.metadata })
        done(null, {})
      },
    },
  )
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  exporter = createCloudTraceExporter({
    projectId: 'zen-test-project',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: {
      headers: () => Promise.reject(new Error('no token for an endpoint that is not of Google')),
      forget: () => {},
    },
    resource: { mode: 'private', serviceName: 'shop', facts: FACTS },
  })
})
afterEach(async () => {
  await exporter.close()
  server.forceShutdown()
})

describe('the exporter cloud-trace', () => {
  it('sends to an endpoint of the user without a token', async () => {
    expect(await exporter.send([makeSpan()], 5000)).toEqual({ status: 'accepted' })
    expect(received).toHaveLength(1)
    expect(received[0]?.request.name).toBe('projects/zen-test-project')
    expect(received[0]?.metadata.get('authorization')).toEqual([])
  })

  it('loses only the span that cannot be mapped, and says so', async () => {
    const impossible = makeSpan({ attributes: { list: [1n] as unknown as number[] } })
    const outcome = await exporter.send([makeSpan({ name: 'a' }), impossible, makeSpan({ name: 'b' })], 5000)
    expect(outcome).toMatchObject({ status: 'accepted', rejected: { count: 1, message: /BigInt/ } })
    expect(received[0]?.request.spans.map((span) => span.displayName.value)).toEqual(['a', 'b'])
  })

  it('refuses a batch without a single span that can be mapped', async () => {
    const outcome = await exporter.send([null as unknown as WireSpan], 5000)
    expect(outcome).toMatchObject({ status: 'failed', kind: 'rejected-data', retryable: false })
    expect(received).toEqual([])
  })

  it('says whether the parent is of another process', async () => {
    const parentSpanId = '00f067aa0ba902b7'
    await exporter.send([makeSpan({ parentSpanId }), makeSpan({ parentSpanId, parentIsRemote: true })], 5000)
    expect(received[0]?.request.spans).toMatchObject([
      { sameProcessAsParentSpan: { value: true } },
      { sameProcessAsParentSpan: { value: false } },
    ])
  })

  it('never rejects, even when the token throws', async () => {
    const google = createCloudTraceExporter({
      projectId: 'zen-test-project',
      credentials: { headers: () => Promise.reject(new Error('broken')), forget: () => {} },
      resource: { mode: 'private', serviceName: 'shop', facts: FACTS },
    })
    expect(await google.send([makeSpan()], 1000)).toMatchObject({ status: 'failed', message: 'broken' })
  })
})
