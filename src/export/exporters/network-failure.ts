import { exportFailure } from './export-failure.ts'
import type { ExportFailure } from './exporter.ts'

const CAUSES_DEEP = 5
const TIMEOUTS = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'])
/** Of sockets, of name resolution, and of TLS, whose codes are `ERR_TLS_…`, `ERR_SSL_…` or OpenSSL's own. */
const CONNECTION =
  /^(E(CONN|HOST|NET|ADDR|AI_|PIPE|NOTFOUND|PROTO)|ERR_(TLS|SSL|SOCKET|STREAM|HTTP2|INVALID_PROTOCOL)|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_)/

/**
 * Recognises the trouble of a network: nobody listens, no such name, no trust in the certificate.
 *
 * @param thrown what the request failed with; the causes inside it count too
 * @param message for the log line
 * @returns undefined if it is something else
 */
export function networkFailure(thrown: unknown, message: string): ExportFailure | undefined {
  let cause = thrown
  for (let depth = 0; depth < CAUSES_DEEP && typeof cause === 'object' && cause !== null; depth += 1) {
    const { code, cause: next, errors } = cause as { code?: unknown; cause?: unknown; errors?: unknown }
    if (typeof code === 'string') {
      if (TIMEOUTS.has(code)) return exportFailure('timeout', true, message)
      if (CONNECTION.test(code)) return exportFailure('connection', true, message)
    }
    cause = next ?? (Array.isArray(errors) ? errors[0] : undefined)
  }
  return undefined
}
