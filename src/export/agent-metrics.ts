import { randomUUID } from 'node:crypto'
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources'
import type { Config } from '../config/config.ts'
import { isGoogleEndpoint } from '../config/endpoint.ts'
import type { Logger } from '../shared/log.ts'
import { VERSION } from '../shared/version.ts'
import { withoutUserInfo } from '../shared/without-user-info.ts'
import type { ProcessFacts } from '../transport/wire.ts'
import type { Destination } from './destination/destination.ts'
import { GOOGLE_OTLP_METRICS_URL } from './destination/google-endpoints.ts'
import { googleLocation } from './destination/google-location.ts'
import { type OtlpSettings, readOtlpEnvironment } from './destination/otlp-environment.ts'
import { createGoogleCredentials, METRICS_SCOPE } from './exporters/google-credentials.ts'
import { createOtlpSender } from './exporters/otlp-sender.ts'
import type { MetricSources } from './metrics/agent-instruments.ts'
import type { MetricsOutput } from './metrics/metrics-output.ts'
import { sendOtlpMetrics } from './metrics/otlp-metrics.ts'
import { rejectedPoints } from './exporters/rejected-points.ts'
import { servePrometheus } from './metrics/prometheus.ts'

/** What decides where the agent's own metrics go, and what they are read from. */
export interface MetricsInput {
  readonly config: Pick<Config, 'metrics' | 'serviceName'>
  readonly facts: ProcessFacts
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly destination: Destination
  readonly sources: MetricSources
  readonly log: Logger
}

interface OtlpTarget {
  readonly url: string
  readonly projectId: string | undefined
  readonly settings: OtlpSettings
}

/**
 * Opens what `ZEN_TELEMETRY_METRICS` asks for: an exposition for Prometheus, or OTLP to a collector or Google.
 *
 * @returns undefined where there is nowhere to send to, which has been said
 */
export async function openAgentMetrics(options: MetricsInput): Promise<MetricsOutput | undefined> {
  const { config, environment, log, sources } = options
  const warn = (line: string): void => log.warn(line)
  if (config.metrics === 'prometheus') {
    return servePrometheus(environment['OTEL_EXPORTER_PROMETHEUS_PORT'], resourceOf(options), sources, warn)
  }
  const target = otlpTarget(options)
  if (!target) {
    warn(
      'ZEN_TELEMETRY_METRICS="otlp" has nowhere to send to, so there are no metrics. ' +
        'Set OTEL_EXPORTER_OTLP_ENDPOINT to a collector, or GOOGLE_CLOUD_PROJECT.',
    )
    return undefined
  }
  const { url, projectId, settings } = target
  const routing = isGoogleEndpoint(url) ? await googleAttributes(environment, projectId) : {}
  if (!routing) {
    warn(
      `Google takes no metrics of which it does not know the location, and neither the metadata server nor a variable ` +
        'names one, so there are no metrics. Set OTEL_RESOURCE_ATTRIBUTES="cloud.region=europe-west1" to the region ' +
        'that is nearest, or OTEL_EXPORTER_OTLP_ENDPOINT to a collector.',
    )
    return undefined
  }
  const credentials = createGoogleCredentials(projectId, undefined, METRICS_SCOPE)
  const sender = createOtlpSender({ url, credentials, settings, mode: 'private' })
  const post = async (encoded: Uint8Array, timeoutMs: number): Promise<string | undefined> => {
    const answer = await sender.post(encoded, timeoutMs)
    const problem = 'kind' in answer ? `(${answer.kind}): ${answer.message}` : rejectedPoints(answer)
    return problem === undefined ? undefined : `${withoutUserInfo(url)} ${problem}`
  }
  return sendOtlpMetrics(
    environment['OTEL_METRIC_EXPORT_INTERVAL'],
    resourceOf(options, routing),
    sources,
    post,
    warn,
  )
}

/** Undefined: Google would refuse every point. */
async function googleAttributes(
  environment: MetricsInput['environment'],
  projectId: string | undefined,
): Promise<Record<string, string> | undefined> {
  const location = await googleLocation(environment)
  return location && { ...location, ...(projectId === undefined ? {} : { 'gcp.project_id': projectId }) }
}

/** The user's own collector, else Google, with a project of the user's alone. */
function otlpTarget({ environment, destination, log }: MetricsInput): OtlpTarget | undefined {
  const { settings, warnings } = readOtlpEnvironment(environment, 'metrics')
  for (const warning of warnings) log.warn(warning)
  const projectId = destination.mode === 'private' ? destination.projectId : undefined
  const url = settings.url ?? (projectId === undefined ? undefined : GOOGLE_OTLP_METRICS_URL)
  return url === undefined ? undefined : { url, projectId, settings }
}

function resourceOf(
  { config, facts }: MetricsInput,
  routing: Readonly<Record<string, string>> = {},
): Resource {
  return resourceFromAttributes({
    'service.name': config.serviceName,
    // Tells processes apart that count the same things at the same time.
    'service.instance.id': randomUUID(),
    'process.runtime.name': 'nodejs',
    'process.runtime.version': facts.nodeVersion,
    'telemetry.distro.name': '@zen/telemetry',
    'telemetry.distro.version': VERSION,
    ...routing,
  })
}
