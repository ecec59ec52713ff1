import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { isGoogleEndpoint } from '../../config/endpoint.ts'
import { messageOf } from '../../shared/errors.ts'
import { VERSION } from '../../shared/version.ts'
import type { WireSpan } from '../../transport/wire.ts'
import type { OtlpSettings } from '../destination/otlp-environment.ts'
import { agentFor } from './agent-for.ts'
import { exportFailure } from './export-failure.ts'
import type { EncodedRequest, Exporter, ExportFailure, ExportOutcome, ResourceInput } from './exporter.ts'
import type { GoogleCredentials } from './google-credentials.ts'
import { httpFailure } from './http-failure.ts'
import { type HttpAnswer, httpPost } from './http-post.ts'
import { networkFailure } from './network-failure.ts'
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

const PROTOBUF = 'application/x-protobuf'
const OTLP_TYPE = 'opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest'
const compress = promisify(gzip)

/**
 * Sends spans as OTLP over HTTP in protobuf, to Google's Telemetry API or to any collector.
 *
 * @param options endpoint, project, credentials
 */
export function createOtlpExporter(options: OtlpOptions): Exporter {
  const { projectId, credentials, settings } = options
  const url = new URL(options.url)
  const google = isGoogleEndpoint(options.url)
  const routing = google && projectId !== undefined ? { 'gcp.project_id': projectId } : {}
  const sourceOf = spanSources(options.resource, routing)
  const { ca, cert, key } = settings
  const tls = google
    ? { minVersion: 'TLSv1.3' as const }
    : { minVersion: 'TLSv1.2' as const, ...given({ ca, cert, key }) }
  // Headers of the environment are the user's: nothing of the user's goes to the public project.
  const headers = {
    ...(options.resource.mode === 'public' ? {} : settings.headers),
    'user-agent': `zen-telemetry/${VERSION}`,
    'content-type': PROTOBUF,
  }
  const agent = agentFor(url)

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
    return { to: url.origin + url.pathname, type: OTLP_TYPE, body, readable }
  }

  async function send(spans: readonly WireSpan[], timeoutMs: number): Promise<ExportOutcome> {
    const allowedMs = Math.min(timeoutMs, settings.timeoutMs ?? timeoutMs)
    const until = performance.now() + allowedMs
    const encoded = encode(spans)
    if (!(encoded instanceof Uint8Array)) return encoded
    const zipped = settings.compression === 'gzip' || options.compress?.() === true
    const body = zipped ? await compress(encoded) : encoded
    const encoding = zipped ? { 'content-encoding': 'gzip' } : {}
    const authorized = google ? await credentials.headers(until - performance.now()) : { headers: {} }
    if ('kind' in authorized) return authorized

    const post = { url, headers: { ...headers, ...encoding, ...authorized.headers }, body, agent, tls }
    const answer = await httpPost({ ...post, timeoutMs: until - performance.now() })
    if (!answer) return exportFailure('timeout', true, `no answer within ${Math.round(allowedMs)} ms`)
    const outcome = outcomeOf(answer, google)
    if (outcome.status === 'failed' && outcome.kind === 'credentials') credentials.forget()
    return outcome
  }

  return {
    name: 'otlp',
    encode: encodeForPeople,
    send: (spans, timeoutMs) =>
      send(spans, timeoutMs).catch((thrown: unknown) => {
        const message = messageOf(thrown) || String((thrown as NodeJS.ErrnoException).code)
        return networkFailure(thrown, message) ?? exportFailure('unknown', true, message)
      }),
    close: async () => agent.destroy(),
  }
}

function outcomeOf(answer: HttpAnswer, google: boolean): ExportOutcome {
  if (answer.status < 200 || answer.status > 299) return httpFailure(answer, google, Date.now())
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

function given<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}
