import type {
  Attributes,
  AttributeValue,
  Exception,
  Span,
  SpanContext,
  SpanStatus,
  TimeInput,
  TraceState,
} from '@opentelemetry/api'
import type { SpanOrigin, WireError, WireSpan, AttributeValue as WireValue } from '../transport/wire.ts'
import { monotonicNow } from './clock.ts'
import { describeError } from './describe-error.ts'
import { SAMPLED } from './span-context.ts'

const MOST_ATTRIBUTES = 128
const MOST_RECORDED = 64
const STATUS_ERROR = 2
const RATE_ATTRIBUTE = 'sampling.rate'

/** What a span is made from. */
export interface SpanStart {
  readonly name: string
  readonly origin: SpanOrigin
  readonly attributes: Readonly<Record<string, WireValue>>
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly parentIsRemote: boolean
  /** W3C `tracestate` of the trace, for what leaves the process: as text, or the application's own. */
  readonly traceState?: TraceState | string | undefined
  /** Added to `monotonicNow()`, it gives milliseconds since 1970; one value for a whole trace, so that clock steps cannot reorder it. */
  readonly epoch: number
  /** By `monotonicNow()`; undefined: now. */
  readonly startedAt?: number | undefined
  /** Share of roots that was sampled when the trace began, 0 to 1; undefined: not known. */
  readonly samplingRate?: number | undefined
}

/**
 * An open span. It holds a few fields and nothing of the call: no arguments, no result, no context, so that a call that
 * never returns keeps nothing else alive. It is an OpenTelemetry span as well, since applications find it as their
 * active span.
 */
export class RecordingSpan implements Span {
  readonly #onEnd: (span: RecordingSpan) => void
  readonly #start: SpanStart
  readonly #startedAt: number
  #name: string
  #attributes: Record<string, WireValue>
  #attributeCount = -1
  #recorded: (WireError & { at: number })[] | undefined
  #error: WireError | undefined
  #thrown: { readonly value: unknown } | undefined
  #endedAt: number | undefined
  #incomplete = false

  constructor(start: SpanStart, onEnd: (span: RecordingSpan) => void) {
    this.#onEnd = onEnd
    this.#start = start
    this.#name = start.name
    this.#attributes = start.attributes as Record<string, WireValue>
    this.#startedAt = start.startedAt ?? monotonicNow()
  }

  get traceId(): string {
    return this.#start.traceId
  }

  get spanId(): string {
    return this.#start.spanId
  }

  get traceState(): TraceState | string | undefined {
    return this.#start.traceState
  }

  get epoch(): number {
    return this.#start.epoch
  }

  get samplingRate(): number | undefined {
    return this.#start.samplingRate
  }

  /** The application's spans below this one have the `tracestate` of that above it, as if it were not there. */
  spanContext(): SpanContext {
    const { traceId, spanId, traceState } = this.#start
    return traceState === undefined || typeof traceState === 'string'
      ? { traceId, spanId, traceFlags: SAMPLED }
      : { traceId, spanId, traceFlags: SAMPLED, traceState }
  }

  isRecording(): boolean {
    return this.#endedAt === undefined
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (this.#endedAt === undefined && typeof key === 'string' && key !== '' && isAttributeValue(value)) {
      this.#ownAttributes(key)[key] = (Array.isArray(value) ? [...value] : value) as WireValue
    }
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
    if (this.#endedAt !== undefined) return this
    this.#error =
      status.code === STATUS_ERROR
        ? { type: this.#error?.type ?? 'Error', ...(status.message ? { message: status.message } : {}) }
        : undefined
    return this
  }

  updateName(name: string): this {
    if (this.#endedAt === undefined) this.#name = name
    return this
  }

  recordException(exception: Exception, _time?: TimeInput): void {
    if (this.#endedAt !== undefined) return
    this.#recorded ??= []
    if (this.#recorded.length < MOST_RECORDED) {
      this.#recorded.push({ ...describeError(exception), at: this.#start.epoch + monotonicNow() })
    }
  }

  /** Ends the span; the time argument of the OpenTelemetry interface is ignored. */
  end(): void {
    if (this.#endedAt !== undefined) return
    this.#endedAt = monotonicNow()
    this.#onEnd(this)
  }

  /** Ends the span as failed; what was thrown is not read before {@link toWire}. */
  endWithError(thrown: unknown): void {
    if (this.#endedAt === undefined) this.#thrown = { value: thrown }
    this.end()
  }

  /** How long it lasted, in milliseconds; 0 while it is open. */
  get duration(): number {
    return this.#endedAt === undefined ? 0 : this.#endedAt - this.#startedAt
  }

  /** Whether an error waits to be read. */
  get hasUnreadError(): boolean {
    return this.#thrown !== undefined
  }

  /**
   * Ends the span because the process ends.
   *
   * @param uncaught what ends the process, if it is an error
   */
  endIncomplete(uncaught?: { readonly thrown: unknown }): void {
    this.#incomplete = true
    if (uncaught) this.endWithError(uncaught.thrown)
    else this.end()
  }

  /** The line that crosses to the export thread. */
  toWire(): WireSpan {
    const { traceId, spanId, parentSpanId, parentIsRemote, origin, epoch, samplingRate } = this.#start
    // Filled in one by one: spreading what may be undefined takes V8 microseconds.
    const wire: { -readonly [Field in keyof WireSpan]: WireSpan[Field] } = {
      traceId,
      spanId,
      name: this.#name,
      start: epoch + this.#startedAt,
      end: epoch + (this.#endedAt ?? monotonicNow()),
      origin,
      attributes:
        samplingRate === undefined
          ? this.#attributes
          : { ...this.#attributes, [RATE_ATTRIBUTE]: samplingRate },
    }
    if (parentSpanId !== undefined) wire.parentSpanId = parentSpanId
    if (parentIsRemote) wire.parentIsRemote = true
    const error = this.#thrown ? describeError(this.#thrown.value) : this.#error
    if (error !== undefined) wire.error = error
    if (this.#recorded !== undefined) wire.recorded = this.#recorded
    if (this.#incomplete) wire.incomplete = true
    return wire
  }

  /** The shared attributes of the method are copied at the first change; beyond the bound, only known keys change. */
  #ownAttributes(key: string): Record<string, WireValue> {
    if (this.#attributeCount === -1) {
      this.#attributes = { ...this.#attributes }
      this.#attributeCount = Object.keys(this.#attributes).length
    }
    if (!Object.hasOwn(this.#attributes, key) && this.#attributeCount++ >= MOST_ATTRIBUTES) return {}
    return this.#attributes
  }
}

function isAttributeValue(value: unknown): boolean {
  if (!Array.isArray(value)) return isPrimitive(value)
  const kind = typeof value[0]
  return value.every((item) => isPrimitive(item) && typeof item === kind)
}

function isPrimitive(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}
