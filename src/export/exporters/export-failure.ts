import type { ExportFailure, FailureKind } from './exporter.ts'

const LONGEST_MESSAGE = 400
const SECRETS = [
  /\b(bearer|basic)\s+[\w~+/.=-]+/gi,
  /\bya29\.[\w.-]+/g,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /-----BEGIN [\s\S]*?(-----END [^-]*-----|$)/g,
  /(?<=:\/\/)[^\s/@]+(?=@)/g,
]

/**
 * Makes the outcome of a request that was not accepted.
 *
 * @param kind its class
 * @param retryable whether the same request may be accepted later
 * @param message what the service or the network said; tokens and keys are cut out here
 * @param retryAfterMs the pause the service asked for, in milliseconds
 */
export function exportFailure(
  kind: FailureKind,
  retryable: boolean,
  message: string,
  retryAfterMs?: number,
): ExportFailure {
  const pause = retryAfterMs === undefined ? {} : { retryAfterMs }
  return { status: 'failed', kind, retryable, message: withoutSecrets(message), ...pause }
}

function withoutSecrets(message: string): string {
  const line = SECRETS.reduce((text, secret) => text.replaceAll(secret, '…'), message)
  return line.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_MESSAGE)
}
