import type { SpanContext } from '@opentelemetry/api'
import { rateOfState, withoutThreshold } from './sampling-state.ts'
import { isValidSpanContext, SAMPLED } from './span-context.ts'

/**
 * A parent in another process, or the decision of one that nothing is sampled. It stands in the context like a span.
 */
export class RemoteParent {
  readonly #context: SpanContext
  readonly traceState: string | undefined
  /** Share of roots that was sampled where the trace began, 0 to 1; undefined: not known, or not sampled. */
  readonly samplingRate: number | undefined

  constructor(context: SpanContext, traceState?: string) {
    const sampled = (context.traceFlags & SAMPLED) === SAMPLED
    this.#context = context
    this.samplingRate = sampled ? rateOfState(context.traceId, traceState) : undefined
    this.traceState =
      sampled && this.samplingRate === undefined && traceState !== undefined
        ? withoutThreshold(traceState)
        : traceState
  }

  spanContext(): SpanContext {
    return this.#context
  }
}

const VERSION_00 = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/
/** Later versions may append fields; `ff` is forbidden. */
const LATER_VERSION = /^(?!00|ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/
/** A list longer than this may be dropped. */
const LONGEST_TRACE_STATE = 512

/**
 * Reads a W3C trace context.
 *
 * @param traceParent value of the header `traceparent`
 * @param traceState value of the header `tracestate`
 * @returns undefined if it is not valid
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function readTraceParent(
  traceParent: string | undefined,
  traceState?: string,
): RemoteParent | undefined {
  const text = traceParent?.trim() ?? ''
  const [, traceId = '', spanId = '', flags = ''] = VERSION_00.exec(text) ?? LATER_VERSION.exec(text) ?? []
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & SAMPLED, isRemote: true }
  if (!isValidSpanContext(context)) return undefined
  const state = traceState?.trim() ?? ''
  return new RemoteParent(context, state !== '' && state.length <= LONGEST_TRACE_STATE ? state : undefined)
}

/** The header `traceparent` of a span context. */
export function writeTraceParent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags & SAMPLED ? '01' : '00'}`
}
