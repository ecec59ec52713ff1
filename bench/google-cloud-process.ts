/**
 * What agents talk to, as a process of its own: the Google Cloud of the fixtures, and a server that takes whatever
 * other agents send and says that all is well.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startGoogleCloud } from '../fixtures/google-cloud/google-cloud.ts'

const cloud = await startGoogleCloud()
const sink = createServer((request, response) => {
  request.resume().on('end', () => response.setHeader('content-type', 'application/json').end('{}'))
})
sink.listen(0, '127.0.0.1')
await once(sink, 'listening')

process.on('message', (request) => {
  if (request === 'environment') process.send?.(cloud.env({ credentials: 'metadata' }))
  if (request === 'addresses')
    process.send?.({ sink: (sink.address() as AddressInfo).port, collector: cloud.urls.collector })
  if (request === 'delivered') {
    const spans = cloud.spans()
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined)
    process.send?.({ spans: spans.length, roots: roots.length })
    cloud.reset()
  }
})
process.on('disconnect', () => {
  sink.close()
  sink.closeAllConnections()
  void cloud.close()
})
