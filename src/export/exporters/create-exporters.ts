import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Config } from '../../config/config.ts'
import { endpointUrl, isGoogleEndpoint } from '../../config/endpoint.ts'
import type { Environment } from '../../config/load-config.ts'
import type { ProcessFacts } from '../../transport/wire.ts'
import { credentialsProblem } from '../destination/credentials-problem.ts'
import type { Destination } from '../destination/destination.ts'
import { CLOUD_TRACE_ENDPOINT, GOOGLE_OTLP_URL } from '../destination/google-endpoints.ts'
import { otlpEndpoints } from '../destination/otlp-endpoints.ts'
import { NO_OTLP_SETTINGS, type OtlpSettings, readOtlpEnvironment } from '../destination/otlp-environment.ts'
import { stateFolder } from '../../config/state-folder.ts'
import type { EncodedRequest, Exporter, ResourceInput } from './exporter.ts'
import type { GoogleCredentials } from './google-credentials.ts'
import { createLazyExporter } from './lazy-exporter.ts'
import { showRequests } from './shown-requests.ts'
import { writeRequestToFile, writeRequestToStderr } from './write-request.ts'

/** What the exporters are chosen by. */
export interface ExportersInput {
  readonly config: Config
  readonly destination: Destination
  readonly environment: Environment
  readonly facts: ProcessFacts
  /** Whether requests are compressed where nobody has asked for it; asked for each. */
  readonly compress: () => boolean
  /** Called in the pauses of long work, so that what has arrived meanwhile is not kept waiting. Default: nothing arrives. */
  readonly breathe?: () => void
}

/** Exporters in the order they are tried, at least one, and what the user should know about them. */
export interface CreatedExporters {
  readonly exporters: readonly [Exporter, ...Exporter[]]
  readonly warnings: readonly string[]
}

/** @see https://cloud.google.com/assured-workloads/docs/api-endpoints */
const REGIONAL = /\.rep\.googleapis\.com/i

const FIRST_TOKEN_MS = 10_000

type Sent = Exclude<Destination, { mode: 'local' }>

/**
 * Makes the exporters of a destination: one for each endpoint the user named, and if all of them are Google's, the other
 * protocol's as the last resort. Opens nothing and connects nowhere yet.
 *
 * @param input configuration, destination and environment
 */
export function createExporters(input: ExportersInput): CreatedExporters {
  const { config } = input
  const file = config.inspectFile
  if (file !== undefined) return shown(input, (request) => writeRequestToFile(file, request))
  return config.exporter === 'console' ? shown(input, writeRequestToStderr) : sendingExporters(input)
}

/** The first exporter's requests, shown and not sent. For `console`, those of `cloud-trace`, which needs a project. */
function shown(input: ExportersInput, show: (request: EncodedRequest) => void): CreatedExporters {
  const { config, destination } = input
  const withoutProject = destination.mode === 'private' && destination.projectId === undefined
  const sending = withoutProject ? 'otlp' : 'cloud-trace'
  const exporter = config.exporter === 'console' ? sending : config.exporter
  const { exporters } = sendingExporters({ ...input, config: { ...config, exporter } })
  return only(showRequests(exporters[0], show))
}

function sendingExporters(input: ExportersInput): CreatedExporters {
  const { config, destination, environment, facts } = input
  const resource: ResourceInput = { mode: destination.mode, serviceName: config.serviceName, facts }
  if (config.exporter === 'none') {
    return only(createLazyExporter('none', async () => (await import('./none.ts')).createNoneExporter()))
  }
  if (config.exporter === 'local' || destination.mode === 'local') {
    const folder = stateFolder(config.directory, environment)
    return only(
      createLazyExporter('local', async () =>
        (await import('./local.ts')).createLocalExporter({ stateFolder: folder, resource }),
      ),
    )
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
  const credentials = sharedCredentials(destination)
  const { compress, breathe = () => {} } = input
  const make = { projectId, credentials, resource, compress, breathe }

  const endpoints = otlp ? otlpEndpoints(config, settings) : cloudTraceEndpoints(config)
  const send = (endpoint: string) =>
    otlp ? otlpExporter(make, endpoint, settings) : cloudTraceExporter(make, endpoint)
  const [first, ...more] = endpoints
  // Whoever names a region wants the data to stay there.
  const anywhereAtGoogle = endpoints.every(
    (endpoint) => isGoogleEndpoint(endpoint) && !REGIONAL.test(endpoint),
  )
  const other =
    destination.mode === 'private' && anywhereAtGoogle
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
  const problems = [otlp ? undefined : withoutTls(config), problem]
  return {
    exporters: [send(first), ...more.map(send), ...other],
    warnings: [...warnings, ...problems.filter((found) => found !== undefined)],
  }
}

interface Making {
  readonly projectId: string | undefined
  readonly credentials: () => Promise<GoogleCredentials>
  readonly resource: ResourceInput
  readonly compress: () => boolean
  readonly breathe: () => void
}

/** Without TLS only a collector is spoken to: with `cloud-trace`, an endpoint is spoken to by TLS however it is written. */
function cloudTraceEndpoints(config: Config): readonly [string, ...string[]] {
  const [first = CLOUD_TRACE_ENDPOINT, ...more] = config.endpoints.map(withTls)
  return [first, ...more]
}

function withTls(endpoint: string): string {
  const url = endpointUrl(endpoint)
  // The port is said, as it would change with the scheme.
  return url?.protocol === 'http:' ? `https://${url.hostname}:${url.port || '80'}` : endpoint
}

function withoutTls(config: Config): string | undefined {
  const endpoint = config.endpoints.find((written) => endpointUrl(written)?.protocol === 'http:')
  return endpoint === undefined
    ? undefined
    : `ZEN_TELEMETRY_ENDPOINT="${endpoint}" is plain HTTP, which is for collectors only; using TLS instead. Write https://, ` +
        'or set ZEN_TELEMETRY_EXPORTER=otlp if it is an OpenTelemetry collector.'
}

/** One for all exporters, so that they share a token; made when the first of them is. */
function sharedCredentials(destination: Sent): () => Promise<GoogleCredentials> {
  let made: Promise<GoogleCredentials> | undefined
  const make = async (): Promise<GoogleCredentials> => {
    const { createGoogleCredentials } = await import('./google-credentials.ts')
    return createGoogleCredentials(
      destination.projectId,
      destination.mode === 'public' ? destination.key : undefined,
    )
  }
  return () => (made ??= make())
}

/**
 * Tokens, gRPC and the mapping of spans are loaded one after the other: all at once would stop this thread for too long.
 * The first token is asked for before the rest is loaded; its request goes on in the turns of the event loop in between.
 */
function cloudTraceExporter(
  { projectId = '', credentials, resource, breathe }: Making,
  endpoint: string,
): Exporter {
  return createLazyExporter('cloud-trace', async () => {
    const tokens = await credentials()
    if (isGoogleEndpoint(endpoint)) void tokens.headers(FIRST_TOKEN_MS)
    breathe()
    await nextTurn()
    await import('./trace-service.ts')
    breathe()
    await nextTurn()
    const { createCloudTraceExporter } = await import('./cloud-trace.ts')
    breathe()
    return createCloudTraceExporter({ projectId, credentials: tokens, resource, endpoint, breathe })
  })
}

function otlpExporter(
  { credentials, breathe, ...make }: Making,
  url: string,
  settings: OtlpSettings,
): Exporter {
  return createLazyExporter('otlp', async () => {
    const tokens = await credentials()
    breathe()
    const { createOtlpExporter } = await import('./otlp.ts')
    breathe()
    return createOtlpExporter({ ...make, credentials: tokens, url, settings })
  })
}
