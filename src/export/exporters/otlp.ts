import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { isGoogleEndpoint } from '../../config/endpoint.ts'
import { messageOf } from '../../shared/errors.ts'
import type { WireSpan } from '../../transport/wire.ts'
import type { OtlpSettings } from '../destination/otlp-environment.ts'
import { exportFailure } from './export-failure.ts'
import type { EncodedRequest, Exporter, ExportFailure, ExportOutcome, ResourceInput } from './exporter.ts'
import type { GoogleCredentials } from './google-credentials.ts'
import type { HttpAnswer } from './http-post.ts'
import { createOtlpSender, PROTOBUF } from './otlp-sender.ts'
import { readableSpan } from './readable-span.ts'
import { spanSources } from './span-source.ts'

/** What the exporter needs. */
export interface OtlpOptions {
  /** Where to post, path included. */
  readonly url: string
  /** Undefined only for an endpoint that is not Google's. */
  readonly projectId: string | undefined
  /** Asked for a token only if the endpoint is Google's. */
  readonly credentials: GoogleCredentials
  /** Headers, compression and time count everywhere; certificates only for endpoints that are not Google's. */
  readonly settings: OtlpSettings
  readonly resource: ResourceInput
  /** Whether to compress even if the settings do not say so; asked for each request. Default: never. */
  readonly compress?: () => boolean
}

const OTLP_TYPE = 'opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest'

/**
 * Sends spans as OTLP over HTTP in protobuf, to Google's Telemetry API or to any collector.
 *
 * @param options endpoint, project, credentials
 */
export function createOtlpExporter(options: OtlpOptions): Exporter {
  const { url, projectId, credentials, settings } = options
  const routing = isGoogleEndpoint(url) && projectId !== undefined ? { 'gcp.project_id': projectId } : {}
  const sourceOf = spanSources(options.resource, routing)
  const { mode } = options.resource
  const compress = (): boolean => settings.compression === 'gzip' || options.compress?.() === true
  const sender = createOtlpSender({ url, credentials, settings, mode, compress })

  function encode(spans: readonly WireSpan[]): Uint8Array | ExportFailure {
    try {
      const readable = spans.map((span) => readableSpan(span, sourceOf(span)))
      const encoded = ProtobufTraceSerializer.serializeRequest(readable)
      return encoded ?? exportFailure('rejected-data', false, 'the spans cannot be encoded')
    } catch (thrown) {
      return exportFailure('rejected-data', false, `the spans cannot be encoded: ${messageOf(thrown)}`)
    }
  }

  /** The library cannot read what it encodes; its JSON holds the same fields. */
  async function encodeForPeople(spans: readonly WireSpan[]): Promise<EncodedRequest> {
    const body = encode(spans)
    if (!(body instanceof Uint8Array)) throw new Error(body.message)
    const json = JsonTraceSerializer.serializeRequest(spans.map((span) => readableSpan(span, sourceOf(span))))
    const readable: unknown = JSON.parse(new TextDecoder().decode(json))
    const { origin, pathname } = new URL(url)
    return { to: origin + pathname, type: OTLP_TYPE, body, readable }
  }

  async function send(spans: readonly WireSpan[], timeoutMs: number): Promise<ExportOutcome> {
    const encoded = encode(spans)
    if (!(encoded instanceof Uint8Array)) return encoded
    const answer = await sender.post(encoded, timeoutMs)
    return 'kind' in answer ? answer : outcomeOf(answer)
  }

  return { name: 'otlp', encode: encodeForPeople, send, close: async () => sender.close() }
}

function outcomeOf(answer: HttpAnswer): ExportOutcome {
  const partial = partialSuccess(answer)
  const count = Number(partial?.rejectedSpans ?? 0)
  return count > 0
    ? { status: 'accepted', rejected: { count, message: partial?.errorMessage ?? 'no reason given' } }
    : { status: 'accepted' }
}

function partialSuccess({
  headers,
  body,
}: HttpAnswer): { rejectedSpans?: number; errorMessage?: string } | undefined {
  if (!String(headers['content-type']).startsWith(PROTOBUF)) return undefined
  try {
    return ProtobufTraceSerializer.deserializeResponse(body).partialSuccess
  } catch {
    // The spans were taken; how the answer is written does not change that.
    return undefined
  }
}
