import type { RecordingSpan } from '../../src/tracing/recording-span.ts'
import { createTracer, type SpanTemplate, type Tracer, type TracerOptions } from '../../src/tracing/tracer.ts'
import type { WireSpan } from '../../src/transport/wire.ts'

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
    onEnd: (span: RecordingSpan) => spans.push(span.toWire()),
    ...options,
  })
  return { tracer, spans, announced: () => announced }
}
