import { createTracedCall } from '../../src/patch/traced-call.ts'
import { patchExports } from '../../src/patch/patch-exports.ts'
import { zenTarget } from '../../src/targets/zen-target.ts'
import { createSpanHandover } from '../../src/tracing/span-handover.ts'
import { createTracer } from '../../src/tracing/tracer.ts'

/** Bundled for child processes: patches a class as the agent does, with every call sampled. */
export function wrapClass(exports: unknown): void {
  const handover = createSpanHandover((span) => JSON.stringify(span.toWire()), true)
  const tracer = createTracer({
    sampler: { shouldSample: () => true, rate: 1 },
    isEnabled: () => true,
    onUnsampledError: () => {},
    keepsErrors: () => false,
    sharesContext: () => true,
    onFirstSpan: () => {},
    onEnd: (span) => handover.add(span),
  })
  const tracedCall = createTracedCall(tracer, (error) => {
    throw error
  })
  if (patchExports(exports, zenTarget, () => ({}), tracedCall)?.patched.length !== 1)
    throw new Error('nothing patched')
}
