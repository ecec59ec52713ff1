import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo, Server } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { NO_OTLP_SETTINGS } from '../../../src/export/destination/otlp-environment.ts'
import { createCloudTraceExporter } from '../../../src/export/exporters/cloud-trace.ts'
import type { Exporter } from '../../../src/export/exporters/exporter.ts'
import type { GoogleCredentials } from '../../../src/export/exporters/google-credentials.ts'
import { createOtlpExporter } from '../../../src/export/exporters/otlp.ts'
import { makeSpan } from './make-span.ts'

const FRAME_HEADER_BYTES = 5
const resource = {
  mode: 'private' as const,
  serviceName: 'tea',
  facts: { serviceVersion: '1.0.0', nodeVersion: '20.20.2', osType: 'linux' },
}
const credentials: GoogleCredentials = {
  headers: () => Promise.reject(new Error('no token is asked for')),
  forget: () => {},
}
const spans = [
  makeSpan({
    error: { type: 'TypeError', message: 'no tea', stack: 'TypeError: no tea\n    at brew (app.js:1:2)' },
  }),
  makeSpan({
    parentSpanId: '00f067aa0ba902b7',
    attributes: { cups: 3, warm: true, half: 0.5, kinds: ['oolong', 'assam'] },
  }),
]

/** Sends over a real connection, and gives what came out at its other end. */
async function sendTo(server: Server, received: Promise<Buffer>, create: (address: string) => Exporter) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const exporter = create(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const encoded = await exporter.encode?.(spans)
  expect(await exporter.send(spans, 5000)).toEqual({ status: 'accepted' })
  const sent = await received
  await exporter.close()
  server.close()
  return { sent, encoded: encoded?.body ?? new Uint8Array() }
}

it('cloud-trace encodes for a look what it encodes for the service, byte for byte', async () => {
  const server = createHttp2Server()
  const received = new Promise<Buffer>((resolve) =>
    server.on('stream', (stream) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
        stream.end(Buffer.alloc(FRAME_HEADER_BYTES))
        const frame = Buffer.concat(chunks)
        const message = frame.subarray(FRAME_HEADER_BYTES)
        resolve(frame[0] === 1 ? gunzipSync(message) : message)
      })
    }),
  )
  const { sent, encoded } = await sendTo(server, received, (endpoint) =>
    createCloudTraceExporter({ projectId: 'tea-house-42', endpoint, credentials, resource }),
  )
  expect(Buffer.from(encoded).equals(sent)).toBe(true)
})

it('otlp encodes for a look what it encodes for the service, byte for byte', async () => {
  const server = createServer()
  const received = new Promise<Buffer>((resolve) =>
    server.on('request', (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        response.end()
        resolve(gunzipSync(Buffer.concat(chunks)))
      })
    }),
  )
  const { sent, encoded } = await sendTo(server, received, (address) =>
    createOtlpExporter({
      url: `${address}/v1/traces`,
      projectId: undefined,
      credentials,
      settings: NO_OTLP_SETTINGS,
      resource,
    }),
  )
  expect(Buffer.from(encoded).equals(sent)).toBe(true)
})
