import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { openAgentMetrics, type MetricsInput } from '../../src/export/agent-metrics.ts'
import { createDeliveryRecord } from '../../src/export/metrics/delivery-record.ts'
import { recordingLog } from './delivery/recording-log.ts'

let cloud: GoogleCloud
beforeAll(async () => {
  cloud = await startGoogleCloud()
})
afterAll(() => cloud.close())

const LOCAL: MetricsInput['destination'] = { mode: 'local' }

async function open(
  metrics: 'otlp' | 'prometheus',
  environment: Record<string, string>,
  destination: MetricsInput['destination'] = LOCAL,
) {
  const { log, lines } = recordingLog()
  const record = createDeliveryRecord()
  const output = await openAgentMetrics({
    config: { metrics, serviceName: 'shop' },
    facts: { serviceVersion: '1.2.3', nodeVersion: '20.20.2', osType: 'linux' },
    environment,
    destination,
    sources: { record, queueSize: () => 7, journalBytes: () => 4096 },
    log,
  })
  record.spans.delivered(42)
  record.spans.dropped('rejected', 3)
  record.spans.dropped('queue_full', 1)
  record.requested(20, undefined)
  record.requested(400, { kind: 'throttled', message: 'slow down' })
  return { output, record, lines }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe('metrics for Prometheus', () => {
  it('are served to this machine, one line for each number', async () => {
    const port = await freePort()
    const { record, lines } = await open('prometheus', { OTEL_EXPORTER_PROMETHEUS_PORT: String(port) })
    record.failing = true
    const read = () => fetch(`http://127.0.0.1:${port}/metrics`).then((answer) => answer.text())
    const text = await vi.waitFor(read)
    const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(plain(text))?.[1])
    expect(value('telemetry_spans_exported_total')).toBe(42)
    expect(value('telemetry_spans_dropped_total\\{reason="rejected"\\}')).toBe(3)
    expect(value('telemetry_spans_dropped_total\\{reason="queue_full"\\}')).toBe(1)
    expect(value('telemetry_errors_total\\{type="throttled"\\}')).toBe(1)
    expect(value('telemetry_quota_exceeded_total')).toBe(1)
    expect(value('telemetry_queue_size')).toBe(7)
    expect(value('telemetry_journal_size')).toBe(4096)
    expect(value('telemetry_breaker_state')).toBe(1)
    expect(value('telemetry_export_duration_count\\{outcome="accepted"\\}')).toBe(1)
    expect(value('telemetry_export_duration_sum\\{outcome="throttled"\\}')).toBe(400)
    expect(lines).toEqual([])
  })

  it('are one warning where another process has the port', async () => {
    const port = await freePort()
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    const { lines } = await open('prometheus', { OTEL_EXPORTER_PROMETHEUS_PORT: String(port) })
    await vi.waitUntil(() => lines.length > 0)
    expect(lines).toEqual([
      expect.stringMatching(
        new RegExp(`^warn: .*port ${port} cannot be used.*OTEL_EXPORTER_PROMETHEUS_PORT`),
      ),
    ])
    other.close()
  })
})

describe('metrics as OTLP', () => {
  it('go to the collector of the standard variables', async () => {
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: cloud.urls.collector,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-team=tea',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
    }
    const { output, lines } = await open('otlp', environment)
    await output?.flush()
    const [request] = cloud.requests('collector')
    expect(request).toMatchObject({ path: '/v1/metrics', outcome: 'accepted' })
    expect(request?.headers['x-team']).toBe('tea')
    const text = request?.body.toString('latin1') ?? ''
    for (const name of [
      'telemetry.spans.exported',
      'telemetry.spans.dropped',
      'telemetry.export.duration',
      'telemetry.queue.size',
      'telemetry.errors',
      'telemetry.journal.size',
      'telemetry.quota.exceeded',
      'telemetry.breaker.state',
    ]) {
      expect(text).toContain(name)
    }
    expect(lines).toEqual([])
  })

  it('have nowhere to go in local mode, which is said', async () => {
    expect((await open('otlp', {})).lines).toEqual([
      expect.stringMatching(/^warn: .*OTEL_EXPORTER_OTLP_ENDPOINT/),
    ])
  })

  it('do not go to Google without a location, which is said', async () => {
    const nowhere = { GCE_METADATA_HOST: '127.0.0.1:1' }
    const destination = { mode: 'private', projectId: 'shop-production', source: 'GCP_PROJECT' } as const
    const { output, lines } = await open('otlp', nowhere, destination)
    expect(output).toBeUndefined()
    expect(lines).toEqual([expect.stringMatching(/^warn: .*OTEL_RESOURCE_ATTRIBUTES="cloud\.region=/)])
  })

  it('are one warning where single points of them are refused', async () => {
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(refusing(8, 'no location'))
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { output, lines } = await open('otlp', { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` })
    await output?.flush()
    expect(lines).toEqual([
      expect.stringMatching(
        /^warn: the agent's own metrics were not accepted: .* 8 points refused: no location/,
      ),
    ])
    server.close()
  })

  it('are one warning while they are not accepted', async () => {
    await cloud.faults.set('collector', { kind: 'status', code: 503 })
    const { output, lines } = await open('otlp', { OTEL_EXPORTER_OTLP_ENDPOINT: cloud.urls.collector })
    await output?.flush()
    await output?.flush()
    expect(lines).toEqual([expect.stringMatching(/^warn: the agent's own metrics were not accepted: .*503/)])
    await cloud.faults.clear()
  })
})

/** An `ExportMetricsServiceResponse` with a partial success: number and text, in fields 1 and 2 of its field 1. */
function refusing(count: number, message: string): Buffer {
  const partial = Buffer.concat([Buffer.from([0x08, count, 0x12, message.length]), Buffer.from(message)])
  return Buffer.concat([Buffer.from([0x0a, partial.length]), partial])
}

/** Without the labels of scope, which stand in each line. */
function plain(text: string): string {
  return text
    .replaceAll(/,?otel_scope_\w+="[^"]*"/g, '')
    .replaceAll('{}', '')
    .replaceAll('{,', '{')
}
