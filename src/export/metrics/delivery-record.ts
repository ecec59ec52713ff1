import { createSpanCounters, type SpanCounters } from './span-counters.ts'

/** What a request failed with, as far as it is kept. */
export interface RecordedFailure {
  /** One of the classes that policies tell apart, such as `connection`. */
  readonly kind: string
  /** Without tokens and keys. */
  readonly message: string
}

/** Told of each request: how many milliseconds it took, and how it failed if it did. */
export type RequestListener = (durationMs: number, failure: RecordedFailure | undefined) => void

/** What happened to the deliveries of this process: plain numbers, read by the status file and the agent's own metrics. */
export interface DeliveryRecord {
  readonly spans: SpanCounters
  /** Requests that failed, by class. */
  readonly errors: ReadonlyMap<string, number>
  readonly lastError: (RecordedFailure & { readonly at: Date }) | undefined
  /** Too many requests have failed since the last success. */
  failing: boolean
  /** Of the last sampled root, 0 to 1. */
  samplingRate: number | undefined
  /** Adds a request. */
  readonly requested: RequestListener
  /** Tells of each request from now on; one listener at most. */
  listen(listener: RequestListener): void
}

/** Makes an empty record. */
export function createDeliveryRecord(): DeliveryRecord {
  const errors = new Map<string, number>()
  let lastError: DeliveryRecord['lastError']
  let listener: RequestListener | undefined
  return {
    spans: createSpanCounters(),
    errors,
    get lastError() {
      return lastError
    },
    failing: false,
    samplingRate: undefined,
    requested(durationMs, failure) {
      if (failure) {
        errors.set(failure.kind, (errors.get(failure.kind) ?? 0) + 1)
        lastError = { kind: failure.kind, message: failure.message, at: new Date() }
      }
      listener?.(durationMs, failure)
    },
    listen(given) {
      listener = given
    },
  }
}
