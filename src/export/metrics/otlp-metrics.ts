import { ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import { createAgentInstruments, type MetricSources } from './agent-instruments.ts'
import type { MetricsOutput } from './metrics-output.ts'

const DEFAULT_INTERVAL_MS = 60_000
const TIMEOUT_MS = 10_000
const FLUSH_TIMEOUT_MS = 1000

/**
 * Posts an encoded request.
 *
 * @returns what went wrong, if anything did; never rejects
 */
export type PostMetrics = (encoded: Uint8Array, timeoutMs: number) => Promise<string | undefined>

/**
 * Sends the metrics as OTLP, once a minute and at the end.
 *
 * @param interval value of `OTEL_METRIC_EXPORT_INTERVAL`, milliseconds; default a minute
 * @param warn told once what went wrong, and again after a success in between
 */
export function sendOtlpMetrics(
  interval: string | undefined,
  resource: Resource,
  sources: MetricSources,
  post: PostMetrics,
  warn: (line: string) => void,
): MetricsOutput {
  let failed = false
  let timeoutMs = TIMEOUT_MS

  async function send(encoded: Uint8Array | undefined): Promise<void> {
    const problem = encoded ? await post(encoded, timeoutMs) : 'they cannot be encoded'
    if (problem !== undefined && !failed) warn(`the agent's own metrics were not accepted: ${problem}`)
    failed = problem !== undefined
  }

  /** What went wrong has been said; the reader would only say it once more. */
  async function exportMetrics(
    metrics: ResourceMetrics,
    done: (result: ExportResult) => void,
  ): Promise<void> {
    await send(ProtobufMetricsSerializer.serializeRequest(metrics))
    done({ code: ExportResultCode.SUCCESS })
  }

  const exporter: PushMetricExporter = {
    export: (metrics, done) => void exportMetrics(metrics, done),
    selectAggregationTemporality: () => AggregationTemporality.CUMULATIVE,
    forceFlush: async () => {},
    shutdown: async () => {},
  }
  const given = Number(interval)
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: given > 0 ? given : DEFAULT_INTERVAL_MS,
    exportTimeoutMillis: Math.min(TIMEOUT_MS, given > 0 ? given : TIMEOUT_MS),
  })
  const provider = createAgentInstruments(reader, resource, sources)
  return {
    async flush() {
      timeoutMs = FLUSH_TIMEOUT_MS
      await provider.forceFlush({ timeoutMillis: FLUSH_TIMEOUT_MS }).catch(() => {})
    },
  }
}
