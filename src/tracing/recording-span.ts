import type {
  Attributes,
  AttributeValue,
  Exception,
  Span,
  SpanContext,
  SpanStatus,
  TimeInput,
} from '@opentelemetry/api'
import type { PlainSpan, WireSpan } from '../transport/wire.ts'
import { monotonicNow } from './clock.ts'
import type { SpanId, TraceId } from './ids.ts'
import { SpanAdditions } from './span-additions.ts'
import { SAMPLED } from './span-context.ts'
import { preparedText, type SpanTemplate, withRate } from './span-template.ts'
import type { Trace } from './trace.ts'

/** What a span is made from. */
export interface SpanStart {
  readonly template: SpanTemplate
  readonly trace: Trace
  readonly id: SpanId
  readonly parent: SpanId | undefined
  /** Whether the parent is not one of the agent's own spans. */
  readonly parentIsRemote: boolean
  /** By `monotonicNow()`. */
  readonly startedAt: number
}

/**
 * An open span. It holds a few fields and nothing of the call: no arguments, no result, no context, so that a call that
 * never returns keeps nothing else alive. It is an OpenTelemetry span as well, since applications find it as their
 * active span.
 */
export class RecordingSpan implements Span, PlainSpan {
  readonly trace: Trace
  readonly id: SpanId
  readonly parent: SpanId | undefined
  readonly parentIsRemote: boolean
  /** Its neighbours among the spans that are open, see `open-spans.ts`. */
  older: RecordingSpan | undefined
  newer: RecordingSpan | undefined
  readonly #template: SpanTemplate
  readonly #onEnd: (span: RecordingSpan) => void
  readonly #startedAt: number
  /** NaN while it is open. */
  #endedAt: number
  #added: SpanAdditions | undefined

  constructor(start: SpanStart, onEnd: (span: RecordingSpan) => void) {
    this.trace = start.trace
    this.id = start.id
    this.parent = start.parent
    this.parentIsRemote = start.parentIsRemote
    this.older = undefined
    this.newer = undefined
    this.#template = start.template
    this.#onEnd = onEnd
    this.#startedAt = start.startedAt
    this.#endedAt = Number.NaN
    this.#added = undefined
  }

  get traceId(): TraceId {
    return this.trace.id
  }

  /** Milliseconds since 1970, with fractions. */
  get startMs(): number {
    return this.trace.epoch + this.#startedAt
  }

  /** The same; of a span that is open, now. */
  get endMs(): number {
    return this.trace.epoch + (this.isRecording() ? monotonicNow() : this.#endedAt)
  }

  /** When it ended, by `monotonicNow()`; NaN while it is open. */
  get endedAt(): number {
    return this.#endedAt
  }

  /** How long it lasted, in milliseconds; NaN while it is open. */
  get duration(): number {
    return this.#endedAt - this.#startedAt
  }

  /** The application's spans below this one have the `tracestate` of that above it, as if it were not there. */
  spanContext(): SpanContext {
    const { id, state: traceState } = this.trace
    const context = { traceId: id.toString(), spanId: this.id.toString(), traceFlags: SAMPLED }
    return traceState === undefined || typeof traceState === 'string' ? context : { ...context, traceState }
  }

  isRecording(): boolean {
    return Number.isNaN(this.#endedAt)
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (this.isRecording()) this.#additions().setAttribute(this.#template.attributes, key, value)
    return this
  }

  setAttributes(attributes: Attributes): this {
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined) this.setAttribute(key, value)
    }
    return this
  }

  /** Events are not recorded; errors are, by {@link recordException}. */
  addEvent(): this {
    return this
  }

  /** Links are not recorded. */
  addLink(): this {
    return this
  }

  /** Links are not recorded. */
  addLinks(): this {
    return this
  }

  setStatus(status: SpanStatus): this {
    if (this.isRecording()) this.#additions().setStatus(status)
    return this
  }

  updateName(name: string): this {
    if (this.isRecording()) this.#additions().name = name
    return this
  }

  recordException(exception: Exception, _time?: TimeInput): void {
    if (this.isRecording()) this.#additions().record(exception, this.trace.epoch + monotonicNow())
  }

  /** Ends the span; the time argument of the OpenTelemetry interface is ignored. */
  end(): void {
    if (!this.isRecording()) return
    this.#endedAt = monotonicNow()
    this.#onEnd(this)
  }

  /** Ends the span as failed; what was thrown is not read before {@link toWire}. */
  endWithError(thrown: unknown): void {
    if (this.isRecording()) this.#additions().thrown = { value: thrown }
    this.end()
  }

  /**
   * Ends the span because the process ends.
   *
   * @param uncaught what ends the process, if it is an error
   */
  endIncomplete(uncaught?: { readonly thrown: unknown }): void {
    if (!this.isRecording()) return
    this.#additions().incomplete = true
    if (uncaught) this.endWithError(uncaught.thrown)
    else this.end()
  }

  /** Whether it ended by an error that was thrown, which waits to be read. */
  get hasUnreadError(): boolean {
    return this.#added?.thrown !== undefined
  }

  /** Whether it failed, as far as is known. */
  get hasFailed(): boolean {
    return this.hasUnreadError || this.#added?.stated !== undefined
  }

  /** What is said of it beside ids and times, where that is what its method prepared; undefined: see {@link toWire}. */
  preparedText(): Uint8Array | undefined {
    return this.#added === undefined ? preparedText(this.#template, this.trace.samplingRate) : undefined
  }

  /** The line that crosses to the export thread. */
  toWire(): WireSpan {
    const { name, origin, attributes } = this.#template
    const added = this.#added?.toWire()
    return {
      traceId: this.trace.id.toString(),
      spanId: this.id.toString(),
      ...(this.parent && { parentSpanId: this.parent.toString() }),
      ...(this.parentIsRemote && { parentIsRemote: true }),
      start: this.startMs,
      end: this.endMs,
      name,
      origin,
      ...added,
      attributes: withRate(added?.attributes ?? attributes, this.trace.samplingRate),
    }
  }

  #additions(): SpanAdditions {
    return (this.#added ??= new SpanAdditions())
  }
}
