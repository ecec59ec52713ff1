import { exportFailure } from './export-failure.ts'
import type { ExportFailure, FailureKind } from './exporter.ts'
import type { HttpAnswer } from './http-post.ts'
import { readRpcStatus } from './rpc-status.ts'

const MILLISECONDS_PER_SECOND = 1000

type Verdict = readonly [kind: FailureKind, retryable: boolean]

const VERDICTS: Readonly<Record<number, Verdict>> = {
  400: ['rejected-data', false],
  401: ['credentials', true],
  403: ['credentials', true],
  408: ['timeout', true],
  413: ['rejected-data', false],
  415: ['rejected-data', false],
  422: ['rejected-data', false],
  429: ['throttled', true],
  501: ['server', false],
  502: ['server', true],
  503: ['server', true],
  504: ['timeout', true],
}

/**
 * Classifies a refusal. The OTLP specification forbids to try again after any other 5xx than the above; Google's own
 * service answers 500 for what passes, and there a second try is harmless.
 *
 * @param answer with a status outside 200-299
 * @param google whether Google's service answered
 * @param now milliseconds since 1970
 * @see https://opentelemetry.io/docs/specs/otlp/#failures-1
 */
export function httpFailure(answer: HttpAnswer, google: boolean, now: number): ExportFailure {
  const { status, headers } = answer
  const rpcStatus = isProtobuf(answer) ? readRpcStatus(answer.body) : undefined
  const [kind, retryable] = VERDICTS[status] ?? (status >= 500 ? ['server', google] : ['unknown', false])
  const said = rpcStatus?.message || textOf(answer)
  const location = status >= 300 && status < 400 ? ` to ${String(headers['location'])}` : ''
  const pause = rpcStatus?.retryAfterMs ?? retryAfterMs(headers['retry-after'], now)
  return exportFailure(kind, retryable, `HTTP ${status}${location}${said ? `: ${said}` : ''}`, pause)
}

function isProtobuf({ headers }: HttpAnswer): boolean {
  return /protobuf/.test(String(headers['content-type']))
}

function textOf(answer: HttpAnswer): string {
  if (isProtobuf(answer)) return ''
  const text = answer.body.toString('utf8')
  try {
    const { error, message } = JSON.parse(text) as { error?: { message?: unknown }; message?: unknown }
    const said = error?.message ?? message
    return typeof said === 'string' ? said : text
  } catch {
    return /^\s*</.test(text) ? '' : text
  }
}

/** Seconds, or a date. */
function retryAfterMs(header: string | string[] | undefined, now: number): number | undefined {
  if (typeof header !== 'string') return undefined
  const pause = /^\d+$/.test(header.trim())
    ? Number(header) * MILLISECONDS_PER_SECOND
    : Date.parse(header) - now
  return Number.isFinite(pause) ? Math.max(0, pause) : undefined
}
