import { messageOf } from '../../shared/errors.ts'
import type { Logger } from '../../shared/log.ts'
import type { WireSpan } from '../../transport/wire.ts'
import type { Exporter, ExportFailure, RejectedSpans } from '../exporters/exporter.ts'
import type { DropReason, SpanCounters } from '../metrics/span-counters.ts'
import { type CircuitState, createCircuit } from './circuit.ts'
import { createFailureWarnings } from './failure-warnings.ts'
import { createRetryPauses } from './retry-pause.ts'

/** What became of a span. */
export type SpanOutcome = 'delivered' | DropReason

/** How spans are gathered and sent. */
export interface DeliveryOptions {
  readonly exporter: Exporter
  /** Most spans of one request. This and the next two may change, and are read for each request. */
  readonly batchSize: number
  /** Milliseconds a span waits for company at most. */
  readonly intervalMs: number
  /** Milliseconds for one request. */
  readonly timeoutMs: number
  /** Milliseconds the end of the process may take; a pause longer than that is not waited for then. */
  readonly exitTimeoutMs: number
  readonly counters: SpanCounters
  /** Told which spans need nothing more, and why: the very objects that were added, each exactly once. */
  readonly onSettled: (spans: readonly WireSpan[], outcome: SpanOutcome) => void
  /** Makes of a span that was refused one that is surely taken; undefined where that is not possible. */
  readonly repair: (span: WireSpan) => WireSpan | undefined
  /** Told when too many requests have failed, and when one succeeds again. */
  readonly onCircuit: (state: CircuitState) => void
  readonly log: Logger
  /** What to say of a failure besides what the service said: which credentials were used, what to do. */
  readonly advice: (failure: ExportFailure) => string
}

/** Sends spans in batches, tries again where that can help, and finds the one span that a service refuses. */
export interface Delivery {
  add(span: WireSpan): void
  /**
   * Sends everything now; settles when nothing waits any more, or when it is of no use to wait: the service has been
   * failing for long, or asks for a pause that the end of the process does not allow.
   */
  drain(): Promise<void>
  /** Drops what waits, counted by the reason. */
  discard(reason: DropReason): void
  /** How many spans wait, those on their way included. */
  readonly waiting: number
}

/** What one request carries. */
interface Batch {
  readonly spans: readonly WireSpan[]
  /** The one span of it was refused before, and is sent as {@link DeliveryOptions.repair} made it. */
  readonly repaired?: WireSpan
}

const MOST_WAITING_BATCHES = 40
const DRAINING_PAUSE_MS = 100

/** Makes the delivery of one destination; one request at a time, so that the order is kept and a slow service is not pressed. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { exporter, counters, log } = options
  const mostWaiting = options.batchSize * MOST_WAITING_BATCHES
  const waiting: WireSpan[] = []
  /** Batches that have been sent before, in whole or as part of a larger one; they come first. */
  const again: Batch[] = []
  const idle: (() => void)[] = []
  let underWay: Batch | undefined
  let draining = false
  let failing = false
  let discardedFor: DropReason | undefined
  let timer: NodeJS.Timeout | undefined
  const pauses = createRetryPauses()
  const warnings = createFailureWarnings({ log, advice: options.advice, now: () => performance.now() })
  const circuit = createCircuit((state) => {
    warnings.circuit(state)
    options.onCircuit(state)
  })

  function add(span: WireSpan): void {
    if (waitingSpans() >= mostWaiting) return drop('export_backlog', [span])
    waiting.push(span)
    // What is on its way decides first when to go on.
    if (underWay) return
    if (draining || (waiting.length >= options.batchSize && !failing)) void send()
    else schedule(options.intervalMs)
  }

  function waitingSpans(): number {
    return waiting.length + again.reduce((sum, { spans }) => sum + spans.length, underWay?.spans.length ?? 0)
  }

  function schedule(delayMs: number): void {
    timer ??= setTimeout(() => void send(), delayMs)
  }

  function unschedule(): void {
    clearTimeout(timer)
    timer = undefined
  }

  /** What has been sent before goes in smaller parts where less is to be sent at once by now. */
  function takeBatch(): Batch {
    const most = options.batchSize
    const batch = again.shift() ?? { spans: waiting.splice(0, most) }
    if (batch.spans.length <= most) return batch
    again.unshift({ spans: batch.spans.slice(most) })
    return { spans: batch.spans.slice(0, most) }
  }

  async function send(): Promise<void> {
    unschedule()
    if (underWay) return
    const batch = takeBatch()
    if (batch.spans.length === 0) return
    underWay = batch
    discardedFor = undefined
    const sent = batch.repaired ? [batch.repaired] : batch.spans
    const outcome = await circuit.request(() => exporter.send(sent, options.timeoutMs).catch(unexpected))
    underWay = undefined
    if (outcome.status === 'accepted') accepted(batch.spans, outcome.rejected)
    else if (discardedFor) drop(discardedFor, batch.spans)
    else if (outcome.kind === 'rejected-data') refused(batch, outcome)
    else failed(batch, outcome)
    next()
  }

  function accepted(batch: readonly WireSpan[], rejected: RejectedSpans = { count: 0, message: '' }): void {
    failing = false
    pauses.reset()
    // Services tell how many they refused, not which.
    const delivered = batch.slice(0, Math.max(0, batch.length - rejected.count))
    counters.delivered(delivered.length)
    options.onSettled(delivered, 'delivered')
    log.debug(`${delivered.length} spans accepted by ${exporter.name}`)
    if (rejected.count > 0) refuse(batch.slice(delivered.length), rejected.message)
  }

  /** The next try may succeed, here or at another endpoint. */
  function failed(batch: Batch, failure: ExportFailure): void {
    failing = true
    warnings.failed(
      failure,
      `${batch.spans.length} spans not accepted by ${exporter.name}, they are tried again`,
    )
    again.unshift(batch)
    pause(pauses.next(), failure.retryAfterMs)
  }

  /** Goes on later. A process that ends is not kept for a service that needs longer. */
  function pause(ownMs: number, askedMs = 0): void {
    const inHaste = draining && !circuit.isOpen
    if (draining && (circuit.isOpen || askedMs > options.exitTimeoutMs)) settleIdle()
    schedule(Math.max(askedMs, inHaste ? Math.min(ownMs, DRAINING_PAUSE_MS) : ownMs))
  }

  /** One bad span costs a whole batch: halve it until that span is alone, and let its neighbours go. */
  function refused({ spans, repaired }: Batch, failure: ExportFailure): void {
    const [only] = spans
    if (spans.length > 1) {
      const half = Math.ceil(spans.length / 2)
      again.unshift({ spans: spans.slice(0, half) }, { spans: spans.slice(half) })
    } else if (only) {
      const better = repaired ? undefined : options.repair(only)
      if (better) again.unshift({ spans, repaired: better })
      else refuse(spans, failure.message)
    }
    // It is not this span: everything is refused.
    if (circuit.isOpen) pause(pauses.next())
  }

  function refuse(spans: readonly WireSpan[], message: string): void {
    drop('rejected', spans)
    warnings.failed(
      { status: 'failed', kind: 'rejected-data', retryable: false, message },
      `${spans.length} spans not accepted by ${exporter.name}, they are dropped`,
    )
  }

  function drop(reason: DropReason, spans: readonly WireSpan[]): void {
    if (spans.length === 0) return
    counters.dropped(reason, spans.length)
    options.onSettled(spans, reason)
  }

  function next(): void {
    if (waiting.length === 0 && again.length === 0) return settleIdle()
    if (timer !== undefined) return
    if (draining || again.length > 0 || waiting.length >= options.batchSize) void send()
    else schedule(options.intervalMs)
  }

  function settleIdle(): void {
    for (const done of idle.splice(0)) done()
  }

  async function drain(): Promise<void> {
    draining = true
    unschedule()
    if (waitingSpans() === 0) return
    const done = new Promise<void>((resolve) => idle.push(resolve))
    void send()
    return done
  }

  function discard(reason: DropReason): void {
    discardedFor = reason
    unschedule()
    drop(reason, [...again.splice(0).flatMap(({ spans }) => spans), ...waiting.splice(0)])
    if (!underWay) next()
  }

  return {
    add,
    drain,
    discard,
    get waiting() {
      return waitingSpans()
    },
  }
}

/** Exporters answer with a value, never an exception; one that throws does so for what it was given. */
function unexpected(thrown: unknown): ExportFailure {
  return { status: 'failed', kind: 'rejected-data', retryable: false, message: messageOf(thrown) }
}
