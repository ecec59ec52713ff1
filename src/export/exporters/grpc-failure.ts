import { type ServiceError, status } from '@grpc/grpc-js'
import { exportFailure } from './export-failure.ts'
import type { ExportFailure, FailureKind } from './exporter.ts'
import { readRetryInfo, readRpcStatus } from './rpc-status.ts'

const MILLISECONDS_PER_SECOND = 1000

type Verdict = readonly [kind: FailureKind, retryable: boolean]

/** Writing a span twice writes it once, so what may have been the server's fault is worth another try. */
const VERDICTS: Readonly<Partial<Record<status, Verdict>>> = {
  [status.CANCELLED]: ['server', true],
  [status.UNKNOWN]: ['server', true],
  [status.INVALID_ARGUMENT]: ['rejected-data', false],
  [status.DEADLINE_EXCEEDED]: ['timeout', true],
  [status.PERMISSION_DENIED]: ['credentials', true],
  [status.RESOURCE_EXHAUSTED]: ['throttled', true],
  [status.FAILED_PRECONDITION]: ['rejected-data', false],
  [status.ABORTED]: ['server', true],
  [status.OUT_OF_RANGE]: ['rejected-data', false],
  [status.INTERNAL]: ['server', true],
  [status.UNAVAILABLE]: ['server', true],
  [status.DATA_LOSS]: ['server', true],
  [status.UNAUTHENTICATED]: ['credentials', true],
}

/** Of grpc-js itself, when no server has spoken. */
const NO_CONNECTION =
  /^(No connection established|Connection dropped|Name resolution failed|Failed to connect)/
const TOO_LARGE = /message larger than max|serialization failure/

/**
 * Classifies how a gRPC call failed.
 *
 * @param error what grpc-js hands to the callback
 */
export function grpcFailure(error: ServiceError): ExportFailure {
  const details = error.details || error.message
  const [kind, retryable] = verdict(error.code, details)
  return exportFailure(
    kind,
    retryable,
    `${status[error.code] ?? error.code}: ${details}`,
    retryAfterMs(error),
  )
}

function verdict(code: status, details: string): Verdict {
  if (TOO_LARGE.test(details)) return ['rejected-data', false]
  if (code === status.UNAVAILABLE && NO_CONNECTION.test(details)) return ['connection', true]
  return VERDICTS[code] ?? ['unknown', false]
}

/** The pause a server asks for, in any of the ways in which Google's and others' say it. */
function retryAfterMs({ metadata }: ServiceError): number | undefined {
  const [details] = metadata.get('grpc-status-details-bin')
  const fromDetails = details instanceof Buffer ? readRpcStatus(details).retryAfterMs : undefined
  if (fromDetails !== undefined) return fromDetails
  const [info] = metadata.get('google.rpc.retryinfo-bin')
  if (info instanceof Buffer) return readRetryInfo(info)
  const pushback = Number(metadata.get('grpc-retry-pushback-ms')[0] ?? Number.NaN)
  if (pushback >= 0) return pushback
  const seconds = Number(metadata.get('retry-after')[0] ?? Number.NaN)
  return seconds >= 0 ? seconds * MILLISECONDS_PER_SECOND : undefined
}
