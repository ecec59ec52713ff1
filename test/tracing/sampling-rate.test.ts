import { describe, expect, it } from 'vitest'
import { recordingTracer, TEMPLATE } from './recording-tracer.ts'

describe('the sampling rate of a span', () => {
  it('is the one in force when its trace began, for all its descendants', () => {
    const sampler = { shouldSample: () => true, rate: 0.1 }
    const { tracer, spans } = recordingTracer({ sampler })
    const root = tracer.start(TEMPLATE, undefined)!
    sampler.rate = 0.02
    tracer.runIn(root, () => tracer.start(TEMPLATE, tracer.parent() as typeof root))?.end()
    root.end()
    tracer.start(TEMPLATE, undefined)?.end()
    expect(spans.map((span) => span.attributes)).toEqual([
      { operation: 'main_loop', 'sampling.rate': 0.1 },
      { operation: 'main_loop', 'sampling.rate': 0.1 },
      { operation: 'main_loop', 'sampling.rate': 0.02 },
    ])
  })

  it('is not said of a failure that is kept although it was not sampled, so that sums stay right', () => {
    const { tracer, spans } = recordingTracer({ keepsErrors: () => true })
    tracer.unsampledError(TEMPLATE, 0, new Error('broken'))
    expect(spans.map((span) => span.attributes)).toEqual([{ operation: 'main_loop' }])
  })

  it('is not known of a trace that the application began', () => {
    const { tracer, spans } = recordingTracer()
    const context = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }
    tracer.start(TEMPLATE, { spanContext: () => context } as never)?.end()
    expect(spans[0]?.attributes).toEqual({ operation: 'main_loop' })
  })
})
