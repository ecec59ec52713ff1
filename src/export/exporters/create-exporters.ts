import type { Config } from '../../config/config.ts'
import { isGoogleEndpoint } from '../../config/endpoint.ts'
import type { Environment } from '../../config/load-config.ts'
import type { ProcessFacts } from '../../transport/wire.ts'
import { credentialsProblem } from '../destination/credentials-problem.ts'
import type { Destination } from '../destination/destination.ts'
import { GOOGLE_OTLP_URL, otlpEndpoints } from '../destination/otlp-endpoints.ts'
import { NO_OTLP_SETTINGS, type OtlpSettings, readOtlpEnvironment } from '../destination/otlp-environment.ts'
import { stateFolder } from '../destination/state-folder.ts'
import { CLOUD_TRACE_ENDPOINT, createCloudTraceExporter } from './cloud-trace.ts'
import { createConsoleExporter } from './console.ts'
import type { Exporter, ResourceInput } from './exporter.ts'
import { createGoogleCredentials, type GoogleCredentials } from './google-credentials.ts'
import { createLocalExporter } from './local.ts'
import { createNoneExporter } from './none.ts'
import { createOtlpExporter } from './otlp.ts'

/** What the exporters are chosen by. */
export interface ExportersInput {
  readonly config: Config
  readonly destination: Destination
  readonly environment: Environment
  readonly facts: ProcessFacts
}

/** Exporters in the order they are tried, at least one, and what the user should know about them. */
export interface CreatedExporters {
  readonly exporters: readonly [Exporter, ...Exporter[]]
  readonly warnings: readonly string[]
}

type Sent = Exclude<Destination, { mode: 'local' }>

/**
 * Makes the exporters of a destination: one for each endpoint the user named, and if all of them are Google's, the other
 * protocol's as the last resort. Opens nothing and connects nowhere yet.
 *
 * @param input configuration, destination and environment
 */
export function createExporters(input: ExportersInput): CreatedExporters {
  const { config, destination, environment, facts } = input
  const resource: ResourceInput = { mode: destination.mode, serviceName: config.serviceName, facts }
  if (config.exporter === 'none') return only(createNoneExporter())
  if (config.exporter === 'console') return only(createConsoleExporter())
  if (config.exporter === 'local' || destination.mode === 'local') {
    return only(createLocalExporter({ stateFolder: stateFolder(config.directory, environment), resource }))
  }
  return remoteExporters(input, destination, resource)
}

function only(exporter: Exporter): CreatedExporters {
  return { exporters: [exporter], warnings: [] }
}

function remoteExporters(
  input: ExportersInput,
  destination: Sent,
  resource: ResourceInput,
): CreatedExporters {
  const { config, environment } = input
  const otlp = config.exporter === 'otlp'
  const { settings, warnings } = otlp
    ? readOtlpEnvironment(environment)
    : { settings: NO_OTLP_SETTINGS, warnings: [] }
  const { projectId } = destination
  const credentials = createGoogleCredentials(
    projectId,
    destination.mode === 'public' ? destination.key : undefined,
  )
  const make = { projectId, credentials, resource }

  const endpoints = otlp ? otlpEndpoints(config, settings) : cloudTraceEndpoints(config)
  const named = endpoints.map((endpoint) =>
    otlp ? otlpExporter(make, endpoint, settings) : cloudTraceExporter(make, endpoint),
  )
  const onlyGoogle = endpoints.every(isGoogleEndpoint)
  const other =
    destination.mode === 'private' && onlyGoogle
      ? [
          otlp
            ? cloudTraceExporter(make, CLOUD_TRACE_ENDPOINT)
            : otlpExporter(make, GOOGLE_OTLP_URL, NO_OTLP_SETTINGS),
        ]
      : []
  const problem =
    destination.mode === 'private' && endpoints.some(isGoogleEndpoint)
      ? credentialsProblem(environment)
      : undefined
  const [first = createNoneExporter(), ...more] = [...named, ...other]
  return { exporters: [first, ...more], warnings: problem === undefined ? warnings : [...warnings, problem] }
}

interface Making {
  readonly projectId: string | undefined
  readonly credentials: GoogleCredentials
  readonly resource: ResourceInput
}

function cloudTraceEndpoints(config: Config): readonly string[] {
  return config.endpoints.length > 0 ? config.endpoints : [CLOUD_TRACE_ENDPOINT]
}

function cloudTraceExporter({ projectId = '', ...make }: Making, endpoint: string): Exporter {
  return createCloudTraceExporter({ ...make, projectId, endpoint })
}

function otlpExporter(make: Making, url: string, settings: OtlpSettings): Exporter {
  return createOtlpExporter({ ...make, url, settings })
}
