import { PrometheusExporter } from '@opentelemetry/exporter-prometheus'
import type { Resource } from '@opentelemetry/resources'
import { createAgentInstruments, type MetricSources } from './agent-instruments.ts'
import type { MetricsOutput } from './metrics-output.ts'

const HOST = '127.0.0.1'
const DEFAULT_PORT = 9464
const LARGEST_PORT = 65_535

/** A port, and what is wrong with the one that was wanted. */
interface Port {
  readonly port: number
  readonly warning?: string
}

/**
 * Serves the metrics at `http://127.0.0.1:PORT/metrics`, to this machine alone.
 *
 * @param wanted value of `OTEL_EXPORTER_PROMETHEUS_PORT`; default 9464
 * @param warn told in one line what keeps it from being served; the agent goes on without
 */
export function servePrometheus(
  wanted: string | undefined,
  resource: Resource,
  sources: MetricSources,
  warn: (line: string) => void,
): MetricsOutput {
  const { port, warning } = portOf(wanted)
  if (warning !== undefined) warn(warning)
  const exporter = new PrometheusExporter({ host: HOST, port }, (error) => {
    if (!error) return
    const why =
      (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
        ? 'another process, perhaps another traced one, has it'
        : error.message
    warn(
      `the metrics of this process are not served: port ${port} cannot be used (${why}). ` +
        'Give each process an OTEL_EXPORTER_PROMETHEUS_PORT of its own, or set ZEN_TELEMETRY_METRICS=otlp.',
    )
  })
  createAgentInstruments(exporter, resource, sources)
  return { flush: async () => {} }
}

function portOf(wanted: string | undefined): Port {
  const text = wanted?.trim()
  if (!text) return { port: DEFAULT_PORT }
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port <= LARGEST_PORT) return { port }
  return {
    port: DEFAULT_PORT,
    warning: `OTEL_EXPORTER_PROMETHEUS_PORT="${text}" cannot be read; using ${DEFAULT_PORT} instead. Set it to 1-${LARGEST_PORT}.`,
  }
}
