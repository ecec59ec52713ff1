import { messageOf } from '../../shared/errors.ts'
import type { Logger } from '../../shared/log.ts'
import type { WireSpan } from '../../transport/wire.ts'
import type { Exporter, ExportFailure, RejectedSpans } from '../exporters/exporter.ts'
import type { DropReason, SpanCounters } from '../metrics/span-counters.ts'
import { backoffMs } from './backoff.ts'

/** What became of a span. */
export type SpanOutcome = 'delivered' | DropReason

/** How spans are gathered and sent. */
export interface DeliveryOptions {
  readonly exporter: Exporter
  readonly batchSize: number
  /** Milliseconds a span waits for company at most. */
  readonly intervalMs: number
  /** Milliseconds for one request. */
  readonly timeoutMs: number
  readonly counters: SpanCounters
  /** Told which spans need nothing more, and why: the very objects that were added, each exactly once. */
  readonly onSettled: (spans: readonly WireSpan[], outcome: SpanOutcome) => void
  readonly log: Logger
  /** What to say of a failure besides what the service said: which credentials were used, what to do. */
  readonly advice: (failure: ExportFailure) => string
}

/** Sends spans in batches and tries again where that can help. */
export interface Delivery {
  add(span: WireSpan): void
  /** Sends everything now; settles when nothing waits any more, however long that takes. */
  drain(): Promise<void>
  /** Drops what waits, counted by the reason. */
  discard(reason: DropReason): void
}

const MOST_WAITING_BATCHES = 40
const DRAINING_PAUSE_MS = 100
const WARN_EVERY_MS = 60_000

/** Makes the delivery of one destination; one request at a time, so that the order is kept and a slow service is not pressed. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { exporter, batchSize, counters } = options
  const mostWaiting = batchSize * MOST_WAITING_BATCHES
  const waiting: WireSpan[] = []
  const idle: (() => void)[] = []
  let sending = false
  let draining = false
  let failures = 0
  let discards = 0
  let timer: NodeJS.Timeout | undefined
  const lastWarned = new Map<ExportFailure['kind'], number>()

  function add(span: WireSpan): void {
    if (waiting.length >= mostWaiting) {
      drop('export_backlog', [span])
      return
    }
    waiting.push(span)
    // What is on its way decides first when to go on.
    if (sending) return
    if (draining || (waiting.length >= batchSize && failures === 0)) void send()
    else schedule(options.intervalMs)
  }

  function schedule(delayMs: number): void {
    timer ??= setTimeout(() => void send(), delayMs)
  }

  function unschedule(): void {
    clearTimeout(timer)
    timer = undefined
  }

  async function send(): Promise<void> {
    unschedule()
    if (sending || waiting.length === 0) return
    sending = true
    const batch = waiting.splice(0, batchSize)
    const discardsBefore = discards
    const outcome = await exporter.send(batch, options.timeoutMs).catch(unexpected)
    sending = false
    if (outcome.status === 'accepted') accepted(batch, outcome.rejected)
    else if (discards !== discardsBefore) drop('switched_off', batch)
    else failed(batch, outcome)
    next()
  }

  function accepted(batch: readonly WireSpan[], rejected: RejectedSpans = { count: 0, message: '' }): void {
    failures = 0
    // Services tell how many they refused, not which.
    const delivered = batch.slice(0, Math.max(0, batch.length - rejected.count))
    counters.delivered(delivered.length)
    options.onSettled(delivered, 'delivered')
    options.log.debug(`${delivered.length} spans accepted by ${exporter.name}`)
    if (rejected.count === 0) return
    drop('rejected', batch.slice(delivered.length))
    warn(
      { status: 'failed', kind: 'rejected-data', retryable: false, message: rejected.message },
      rejected.count,
    )
  }

  function failed(batch: WireSpan[], failure: ExportFailure): void {
    warn(failure, batch.length)
    if (!failure.retryable) return drop('rejected', batch)
    failures++
    waiting.unshift(...batch)
    const pause = Math.max(failure.retryAfterMs ?? 0, backoffMs(failures, Math.random()))
    schedule(draining ? Math.min(pause, DRAINING_PAUSE_MS) : pause)
  }

  function drop(reason: DropReason, spans: readonly WireSpan[]): void {
    if (spans.length === 0) return
    counters.dropped(reason, spans.length)
    options.onSettled(spans, reason)
  }

  function next(): void {
    if (waiting.length === 0) {
      for (const done of idle.splice(0)) done()
      return
    }
    if (timer !== undefined) return
    if (draining || waiting.length >= batchSize) void send()
    else schedule(options.intervalMs)
  }

  function warn(failure: ExportFailure, count: number): void {
    const line = `${count} spans not accepted by ${exporter.name} (${failure.kind}): ${failure.message}`
    const now = performance.now()
    if (now - (lastWarned.get(failure.kind) ?? Number.NEGATIVE_INFINITY) < WARN_EVERY_MS)
      return options.log.debug(line)
    lastWarned.set(failure.kind, now)
    options.log.warn(
      `${line}. ${failure.retryable ? 'They are tried again. ' : 'They are dropped. '}${options.advice(failure)}`,
    )
  }

  async function drain(): Promise<void> {
    draining = true
    unschedule()
    if (waiting.length === 0 && !sending) return
    const done = new Promise<void>((resolve) => idle.push(resolve))
    void send()
    return done
  }

  function discard(reason: DropReason): void {
    discards++
    unschedule()
    drop(reason, waiting.splice(0))
    if (!sending) next()
  }

  return { add, drain, discard }
}

/** Exporters answer with a value, never an exception; if one does throw, delivery goes on without its batch. */
function unexpected(thrown: unknown): ExportFailure {
  return { status: 'failed', kind: 'unknown', retryable: false, message: messageOf(thrown) }
}
