import { Metadata } from '@grpc/grpc-js'
import { TraceExporter, type TraceExporterOptions } from '@google-cloud/opentelemetry-cloud-trace-exporter'
import type { Attributes } from '@opentelemetry/api'
import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base'
import { isGoogleEndpoint } from '../../config/endpoint.ts'
import { messageOf } from '../../shared/errors.ts'
import { withoutUserInfo } from '../../shared/without-user-info.ts'
import type { WireSpan } from '../../transport/wire.ts'
import { CLOUD_TRACE_ENDPOINT } from '../destination/google-endpoints.ts'
import { exportFailure } from './export-failure.ts'
import type { EncodedRequest, Exporter, ExportOutcome, RejectedSpans, ResourceInput } from './exporter.ts'
import type { GoogleCredentials } from './google-credentials.ts'
import { grpcFailure } from './grpc-failure.ts'
import { readableSpan } from './readable-span.ts'
import { spanSources } from './span-source.ts'
import { BATCH_TYPE, decodeBatch, encodeBatch, openTraceService, type TraceService } from './trace-service.ts'
import { withoutWarning } from './without-warning.ts'

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

/** A span of the Cloud Trace API, as far as it is touched here. */
interface MappedSpan {
  readonly attributes: { readonly attributeMap: Record<string, unknown> }
  sameProcessAsParentSpan?: { value: boolean }
}

interface MappingResult extends ExportResult {
  readonly spans?: MappedSpan[]
}

/** The members of the upstream class that are overridden or called; all but `export` are private there. */
interface UpstreamExporter {
  export(spans: ReadableSpan[], done: (result: MappingResult) => void): Promise<void>
  _batchWriteSpans(request: { name: string; spans: MappedSpan[] }): Promise<MappingResult>
}

const PREPARE_TIMEOUT_MS = 10_000
const DEPRECATION = 'DEP_GCP_OTEL_TRACE_EXPORTER'
const GOOGLE_LABELS = /^g\.co\//

const Upstream = TraceExporter as unknown as new (options: TraceExporterOptions) => UpstreamExporter

/** Upstream's mapping without upstream's sending, which has no deadline, no retry and one fixed kind of channel. */
class MappingExporter extends Upstream {
  override async _batchWriteSpans(request: { spans: MappedSpan[] }): Promise<MappingResult> {
    return { code: ExportResultCode.SUCCESS, spans: request.spans }
  }
}

/**
 * Sends spans to the Cloud Trace API, version 2.
 *
 * @param options project, endpoint, credentials
 */
export function createCloudTraceExporter(options: CloudTraceOptions): Exporter {
  const { projectId, endpoint = CLOUD_TRACE_ENDPOINT, credentials, compress = true } = options
  const sourceOf = spanSources(options.resource)
  const google = isGoogleEndpoint(endpoint)
  const mapper = createMapper(projectId, options.resource.mode === 'public')
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

  async function encodeAll(
    spans: readonly WireSpan[],
  ): Promise<{ body: Uint8Array; count: number; rejected: RejectedSpans | undefined }> {
    const { mapped, rejected } = await mapAll(
      spans.map((span) => () => mapper(readableSpan(span, sourceOf(span)))),
    )
    const body = encodeBatch({ name: `projects/${projectId}`, spans: mapped })
    return { body, count: mapped.length, rejected }
  }

  async function encode(spans: readonly WireSpan[]): Promise<EncodedRequest> {
    const { body } = await encodeAll(spans)
    return { to: withoutUserInfo(endpoint), type: BATCH_TYPE, body, readable: decodeBatch(body) }
  }

  async function send(spans: readonly WireSpan[], timeoutMs: number): Promise<ExportOutcome> {
    const until = Date.now() + timeoutMs
    const { body, count, rejected } = await encodeAll(spans)
    if (count === 0 && rejected) return exportFailure('rejected-data', false, rejected.message)
    const used = connected()
    const authorized = google ? await credentials.headers(timeoutMs) : { headers: {} }
    if ('kind' in authorized) return authorized

    const outcome = await write(used, body, authorized.headers, until)
    if (outcome.status === 'accepted') return rejected ? { ...outcome, rejected } : outcome
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

/** Maps one span; a mapping that throws rejects. */
function createMapper(projectId: string, stripLabels: boolean): (span: ReadableSpan) => Promise<MappedSpan> {
  const exporter = withoutWarning(
    DEPRECATION,
    () => new MappingExporter({ projectId, resourceFilter: /./, stringifyArrayAttributes: true }),
  )
  return async (span) => {
    let result: MappingResult | undefined
    await exporter.export([{ ...span, attributes: wholeNumbers(span.attributes) }], (given) => {
      result = given
    })
    const mapped = result?.spans?.[0]
    if (!mapped) throw result?.error ?? new Error('the span was not mapped')
    mapped.sameProcessAsParentSpan = { value: !span.parentSpanContext?.isRemote }
    const { attributeMap } = mapped.attributes
    for (const key of Object.keys(attributeMap)) {
      if (stripLabels && GOOGLE_LABELS.test(key)) delete attributeMap[key]
    }
    return mapped
  }
}

/** The API knows whole numbers only: upstream rounds 0.5 to 1, and a batch with a NaN cannot be encoded. */
function wholeNumbers(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [
      key,
      typeof value === 'number' && !Number.isSafeInteger(value) ? String(value) : value,
    ]),
  )
}

async function mapAll(
  mappings: readonly (() => Promise<MappedSpan>)[],
): Promise<{ mapped: MappedSpan[]; rejected: RejectedSpans | undefined }> {
  const mapped: MappedSpan[] = []
  const problems: string[] = []
  for (const mapping of mappings) {
    try {
      mapped.push(await mapping())
    } catch (thrown) {
      problems.push(messageOf(thrown))
    }
  }
  const message = `a span cannot be mapped: ${problems[0]}`
  return { mapped, rejected: problems.length > 0 ? { count: problems.length, message } : undefined }
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
