import type { WireSpan } from '../../transport/wire.ts'
import { OWN_ATTRIBUTES } from './builtin-vocabulary.ts'
import { limitCounts, limitSizes } from './service-limits.ts'

const DAY_MS = 86_400_000
const OLDEST_MS = 14 * DAY_MS
const SPAN_ID = /^(?!0+$)[0-9a-f]{16}$/
const TRACE_ID = /^(?!0+$)[0-9a-f]{32}$/

/**
 * Makes of a span that a service refused one that it takes: within all limits, in the right order of times, and without
 * what may be wrong in a way that nobody foresaw, which is the attributes and events that are not the agent's own.
 *
 * @param now milliseconds since 1970
 * @returns undefined for what no service takes: a span older than 14 days, times or ids that are none
 * @see https://cloud.google.com/trace/docs/quotas
 */
export function repairSpan(span: WireSpan, now: number): WireSpan | undefined {
  const { recorded: _, parentSpanId, ...kept } = limitSizes(limitCounts(span))
  if (!TRACE_ID.test(span.traceId) || !SPAN_ID.test(span.spanId)) return undefined
  if (!(span.start > now - OLDEST_MS && span.start <= now + DAY_MS)) return undefined
  const end = Math.min(Math.max(span.start, span.end), now + DAY_MS)
  const own = Object.entries(kept.attributes).filter(([name]) => OWN_ATTRIBUTES.has(name))
  return {
    ...kept,
    name: kept.name || 'unnamed',
    end: Number.isFinite(end) ? end : span.start,
    attributes: Object.fromEntries(own),
    ...(parentSpanId !== undefined && SPAN_ID.test(parentSpanId) && { parentSpanId }),
  }
}
