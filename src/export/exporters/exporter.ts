import type { Mode, ProcessFacts, WireSpan } from '../../transport/wire.ts'

/** Why a request was not accepted; the classes that policies and metrics tell apart. */
export type FailureKind =
  | 'connection'
  | 'timeout'
  | 'throttled'
  | 'credentials'
  | 'rejected-data'
  | 'server'
  | 'unknown'

/** A request that was not accepted. */
export interface ExportFailure {
  readonly status: 'failed'
  readonly kind: FailureKind
  /** The same endpoint may accept the same request later, as the protocol has it. */
  readonly retryable: boolean
  /** What the service or the network said, without tokens, for a log line. */
  readonly message: string
  /** The service asked for this pause, in milliseconds. */
  readonly retryAfterMs?: number
}

/** Spans of an accepted request that were refused one by one; they are not to be sent again. */
export interface RejectedSpans {
  readonly count: number
  /** Why, for a log line. */
  readonly message: string
}

/** How one request ended. Expected trouble is a value, never an exception. */
export type ExportOutcome = { readonly status: 'accepted'; readonly rejected?: RejectedSpans } | ExportFailure

/** One request as it goes out, without headers and before it is compressed. */
export interface EncodedRequest {
  /** The address it goes to. */
  readonly to: string
  /** What the bytes are. */
  readonly type: string
  readonly body: Uint8Array
  /** The same for people: all that is in the bytes, as JSON can hold it. */
  readonly readable: unknown
}

/** Sends batches of filtered spans to one destination. */
export interface Exporter {
  /** What log lines call it. */
  readonly name: string
  /** Opens in advance what the first request needs: a connection, a token. Sends nothing; never rejects. */
  prepare?(): Promise<void>
  /**
   * Sends one batch.
   *
   * @param spans filtered spans, at most one request's worth
   * @param timeoutMs milliseconds after which the request is given up; the promise always settles soon after that
   * @returns how it ended; never rejects
   */
  send(spans: readonly WireSpan[], timeoutMs: number): Promise<ExportOutcome>
  /**
   * The request that {@link send} would make of these spans, by the same encoder; opens nothing. Absent where there are
   * no requests.
   *
   * @throws what the encoder throws
   */
  encode?(spans: readonly WireSpan[]): Promise<EncodedRequest>
  /** Closes sockets and files. Never rejects. */
  close(): Promise<void>
}

/** What an exporter says about the process that made the spans. */
export interface ResourceInput {
  readonly mode: Mode
  readonly serviceName: string
  readonly facts: ProcessFacts
}
