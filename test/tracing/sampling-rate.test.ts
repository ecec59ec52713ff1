import { describe, expect, it } from 'vitest'
import { RemoteParent } from '../../src/tracing/remote-parent.ts'
import { samplingState } from '../../src/tracing/sampling-state.ts'
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

  it('is that of the trace that another process, or the application, has begun, if they say it', () => {
    const { tracer, spans } = recordingTracer()
    const traceId = '1'.repeat(32)
    const context = { traceId, spanId: '2'.repeat(16), traceFlags: 1 }
    const traceState = { serialize: () => samplingState(traceId, 0.25) }
    tracer.start(TEMPLATE, { spanContext: () => ({ ...context, traceState }) } as never)?.end()
    tracer.start(TEMPLATE, new RemoteParent(context, samplingState(traceId, 0.05)))?.end()
    tracer.start(TEMPLATE, new RemoteParent(context, 'vendor=1'))?.end()
    expect(spans.map(({ attributes }) => attributes['sampling.rate'])).toEqual([0.25, 0.05, undefined])
  })

  it('goes along with a trace that began here, and as it came with others', () => {
    const sampler = { shouldSample: () => true, rate: 0.1 }
    const { tracer } = recordingTracer({ sampler })
    const stateBelow = (parent: RemoteParent | undefined) => {
      const span = tracer.start(TEMPLATE, parent)!
      const state = tracer.runIn(span, () => tracer.outgoing()?.traceState)
      span.end()
      return { state, traceId: span.traceId.toString() }
    }
    const own = stateBelow(undefined)
    expect(own.state).toBe(samplingState(own.traceId, 0.1))
    const context = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 }
    for (const state of ['vendor=1', `vendor=1,${samplingState(context.traceId, 0.5)}`]) {
      expect(stateBelow(new RemoteParent(context, state)).state).toBe(state)
    }
    expect(stateBelow(new RemoteParent(context)).state).toBeUndefined()
    expect(tracer.runUnsampled(() => tracer.outgoing()?.traceState)).toBeUndefined()
  })
})
