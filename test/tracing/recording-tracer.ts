import { epochNow, monotonicNow } from '../../src/tracing/clock.ts'
import { SpanId, TraceId } from '../../src/tracing/ids.ts'
import type { RecordingSpan, SpanStart } from '../../src/tracing/recording-span.ts'
import type { SpanTemplate } from '../../src/tracing/span-template.ts'
import { createTracer, type Tracer, type TracerOptions } from '../../src/tracing/tracer.ts'
import type { WireSpan } from '../../src/transport/wire.ts'
import { asDelivered } from './as-delivered.ts'

/** What spans of the tests have in common, unless they say otherwise. */
export const TEMPLATE: SpanTemplate = {
  name: 'zen.orchestrator.run',
  origin: 'builtin',
  attributes: { operation: 'main_loop' },
}

/** A tracer whose finished spans are kept. */
export interface RecordingTracer {
  readonly tracer: Tracer
  /** In the order they ended. */
  readonly spans: WireSpan[]
  /** How many times the first span was announced. */
  readonly announced: () => number
}

/** Makes a tracer that samples everything, unless an option says otherwise. */
export function recordingTracer(options: Partial<TracerOptions> = {}): RecordingTracer {
  const spans: WireSpan[] = []
  let announced = 0
  const tracer = createTracer({
    sampler: { shouldSample: () => true, rate: 1 },
    isEnabled: () => true,
    onUnsampledError: () => {},
    keepsErrors: () => false,
    sharesContext: () => true,
    onFirstSpan: () => announced++,
    onEnd: (span: RecordingSpan) => spans.push(asDelivered(span)),
    ...options,
  })
  return { tracer, spans, announced: () => announced }
}

/** What a span of that template is made from: a root that begins now. */
export function startOf(changed: Partial<SpanStart> = {}): SpanStart {
  const trace = { id: TraceId.of('0af7651916cd43dd8448eb211c80319c'), epoch: epochNow() }
  const id = SpanId.of('b7ad6b7169203331')
  const root = { parent: undefined, parentIsRemote: false, startedAt: monotonicNow() }
  return { template: TEMPLATE, trace, id, ...root, ...changed }
}
