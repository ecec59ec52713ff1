import { Metadata } from '@grpc/grpc-js'
import { isGoogleEndpoint } from '../../config/endpoint.ts'
import { messageOf } from '../../shared/errors.ts'
import { withoutUserInfo } from '../../shared/without-user-info.ts'
import type { WireSpan } from '../../transport/wire.ts'
import { CLOUD_TRACE_ENDPOINT } from '../destination/google-endpoints.ts'
import { createCloudTraceEncoder } from './cloud-trace-encoder.ts'
import { exportFailure } from './export-failure.ts'
import type { EncodedRequest, Exporter, ExportOutcome, ResourceInput } from './exporter.ts'
import type { GoogleCredentials } from './google-credentials.ts'
import { grpcFailure } from './grpc-failure.ts'
import { BATCH_TYPE, openTraceService, type TraceService } from './trace-service.ts'

/** What the exporter needs. */
export interface CloudTraceOptions {
  readonly projectId: string
  /** `host:port` or a URL. Default: {@link CLOUD_TRACE_ENDPOINT}. */
  readonly endpoint?: string
  /** Asked for a token only if the endpoint is Google's. */
  readonly credentials: GoogleCredentials
  readonly resource: ResourceInput
  /** Send gzip. Default: true. */
  readonly compress?: boolean
  /** Called in the pauses of long work. Default: nobody waits for them. */
  readonly breathe?: () => void
}

const PREPARE_TIMEOUT_MS = 10_000

/**
 * Sends spans to the Cloud Trace API, version 2.
 *
 * @param options project, endpoint, credentials
 */
export function createCloudTraceExporter(options: CloudTraceOptions): Exporter {
  const { projectId, endpoint = CLOUD_TRACE_ENDPOINT, credentials, compress = true } = options
  const google = isGoogleEndpoint(endpoint)
  const encodeBatch = createCloudTraceEncoder(projectId, options.resource)
  let service: TraceService | undefined

  const drop = (used: TraceService | undefined): void => {
    used?.close()
    if (service === used) service = undefined
  }

  /** The connection is opened while the token is fetched. */
  function connected(): TraceService {
    service ??= openTraceService(endpoint, compress)
    service.getChannel().getConnectivityState(true)
    return service
  }

  async function prepare(): Promise<void> {
    connected()
    options.breathe?.()
    if (google) await credentials.headers(PREPARE_TIMEOUT_MS)
  }

  async function encode(spans: readonly WireSpan[]): Promise<EncodedRequest> {
    const { body } = encodeBatch(spans)
    const { decodeBatch } = await import('./decode-batch.ts')
    return { to: withoutUserInfo(endpoint), type: BATCH_TYPE, body, readable: decodeBatch(body) }
  }

  async function send(spans: readonly WireSpan[], timeoutMs: number): Promise<ExportOutcome> {
    const until = Date.now() + timeoutMs
    const { body, count, problems } = encodeBatch(spans)
    const message = `a span cannot be mapped: ${problems[0]}`
    if (count === 0 && problems.length > 0) return exportFailure('rejected-data', false, message)
    const used = connected()
    const authorized = google ? await credentials.headers(timeoutMs) : { headers: {} }
    if ('kind' in authorized) return authorized

    const outcome = await write(used, body, authorized.headers, until)
    if (outcome.status === 'accepted') {
      return problems.length > 0 ? { ...outcome, rejected: { count: problems.length, message } } : outcome
    }
    if (outcome.kind === 'credentials') credentials.forget()
    // A new channel at the next try: this one would stay in its own back-off, or on a path that swallows packets.
    if (outcome.kind === 'connection' || outcome.kind === 'timeout') drop(used)
    return outcome
  }

  return {
    name: 'cloud-trace',
    prepare,
    encode,
    send: (spans, timeoutMs) =>
      send(spans, timeoutMs).catch((thrown: unknown) => exportFailure('unknown', true, messageOf(thrown))),
    close: async () => drop(service),
  }
}

function write(
  service: TraceService,
  request: Uint8Array,
  headers: Readonly<Record<string, string>>,
  until: number,
): Promise<ExportOutcome> {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
  return new Promise((resolve) => {
    service.BatchWriteSpans(request, metadata, { deadline: until }, (error) => {
      resolve(error ? grpcFailure(error) : { status: 'accepted' })
    })
  })
}
