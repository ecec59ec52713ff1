import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { isGoogleEndpoint } from '../../config/endpoint.ts'
import { messageOf } from '../../shared/errors.ts'
import { VERSION } from '../../shared/version.ts'
import type { Mode } from '../../transport/wire.ts'
import type { OtlpSettings } from '../destination/otlp-environment.ts'
import { agentFor } from './agent-for.ts'
import { exportFailure } from './export-failure.ts'
import type { ExportFailure } from './exporter.ts'
import type { GoogleCredentials } from './google-credentials.ts'
import { httpFailure } from './http-failure.ts'
import { type HttpAnswer, httpPost } from './http-post.ts'
import { networkFailure } from './network-failure.ts'

/** Where encoded requests go, and how. */
export interface OtlpSenderOptions {
  /** Where to post, path included. */
  readonly url: string
  /** Asked for a token only if the endpoint is Google's. */
  readonly credentials: GoogleCredentials
  /** Headers, compression and time count everywhere; certificates only for endpoints that are not Google's. */
  readonly settings: OtlpSettings
  readonly mode: Mode
  /** Whether to send gzip; asked for each request. Default: what the settings say. */
  readonly compress?: () => boolean
}

/** Posts encoded OTLP requests to one endpoint. */
export interface OtlpSender {
  /**
   * @param encoded protobuf
   * @param timeoutMs milliseconds for token and request together
   * @returns an answer with a status of 200-299, or how it failed; never rejects
   */
  post(encoded: Uint8Array, timeoutMs: number): Promise<HttpAnswer | ExportFailure>
  /** Closes kept connections. */
  close(): void
}

/** How OTLP says what a body is. */
export const PROTOBUF = 'application/x-protobuf'
const zip = promisify(gzip)

/** Makes a sender; connects nowhere yet. */
export function createOtlpSender(options: OtlpSenderOptions): OtlpSender {
  const { credentials, settings, mode, compress = () => settings.compression === 'gzip' } = options
  const url = new URL(options.url)
  const google = isGoogleEndpoint(options.url)
  const { ca, cert, key } = settings
  const tls = google
    ? { minVersion: 'TLSv1.3' as const }
    : { minVersion: 'TLSv1.2' as const, ...given({ ca, cert, key }) }
  // Headers of the environment are the user's: nothing of the user's goes to the public project.
  const headers = {
    ...(mode === 'public' ? {} : settings.headers),
    'user-agent': `zen-telemetry/${VERSION}`,
    'content-type': PROTOBUF,
  }
  const agent = agentFor(url)

  async function post(encoded: Uint8Array, timeoutMs: number): Promise<HttpAnswer | ExportFailure> {
    const allowedMs = Math.min(timeoutMs, settings.timeoutMs ?? timeoutMs)
    const until = performance.now() + allowedMs
    const zipped = compress()
    const body = zipped ? await zip(encoded) : encoded
    const encoding = zipped ? { 'content-encoding': 'gzip' } : {}
    const authorized = google ? await credentials.headers(until - performance.now()) : { headers: {} }
    if ('kind' in authorized) return authorized

    const request = { url, headers: { ...headers, ...encoding, ...authorized.headers }, body, agent, tls }
    const answer = await httpPost({ ...request, timeoutMs: until - performance.now() })
    if (!answer) return exportFailure('timeout', true, `no answer within ${Math.round(allowedMs)} ms`)
    if (answer.status >= 200 && answer.status <= 299) return answer
    const failure = httpFailure(answer, google, Date.now())
    if (failure.kind === 'credentials') credentials.forget()
    return failure
  }

  return {
    post: (encoded, timeoutMs) =>
      post(encoded, timeoutMs).catch((thrown: unknown) => {
        const message = messageOf(thrown) || String((thrown as NodeJS.ErrnoException).code)
        return networkFailure(thrown, message) ?? exportFailure('unknown', true, message)
      }),
    close: () => agent.destroy(),
  }
}

function given<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}
