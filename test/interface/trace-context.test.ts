import { describe, expect, it } from 'vitest'
import { createProgramming } from '../../src/interface/create-programming.ts'
import { createTracedCall } from '../../src/patch/traced-call.ts'
import { readTraceParent } from '../../src/tracing/remote-parent.ts'
import { samplingState } from '../../src/tracing/sampling-state.ts'
import { recordingLog } from '../export/delivery/recording-log.ts'
import { recordingTracer } from '../tracing/recording-tracer.ts'

const TRACE_ID = '1'.repeat(32)

/** What a traced call of this process hands to a child, and the attributes of its span. */
function spawning(sharesContext: boolean, inherited?: { readonly state: string }) {
  const { tracer, spans } = recordingTracer({
    sampler: { shouldSample: () => true, rate: 0.1 },
    sharesContext: () => sharesContext,
    inherited: inherited && readTraceParent(`00-${TRACE_ID}-${'2'.repeat(16)}-01`, inherited.state),
  })
  const contained = (error: unknown): never => {
    throw error
  }
  const programming = createProgramming({
    tracer,
    tracedCall: createTracedCall(tracer, contained),
    sharesContext: () => sharesContext,
    readTrace: async () => [],
    changeSettings: () => {},
    onOffer: () => {},
    log: recordingLog().log,
    contained,
  })
  const environment: Record<string, string> = {}
  programming.wrap(() => programming.injectEnvironment(environment), 'spawn', {})()
  return { environment, span: spans[0]! }
}

describe('the environment of a child process', () => {
  it('holds the trace and the rate that it was sampled with', () => {
    const { environment, span } = spawning(true)
    expect(environment).toEqual({
      TRACEPARENT: `00-${span.traceId}-${span.spanId}-01`,
      TRACESTATE: samplingState(span.traceId, 0.1),
    })
  })

  it('holds the rate of the process in which the trace began', () => {
    const state = samplingState(TRACE_ID, 0.02)
    const { environment, span } = spawning(true, { state })
    expect(environment).toMatchObject({ TRACESTATE: state })
    expect(span).toMatchObject({ traceId: TRACE_ID, attributes: { 'sampling.rate': 0.02 } })
  })

  it('holds nothing in public mode, where nothing is taken over either', () => {
    const { environment, span } = spawning(false, { state: samplingState(TRACE_ID, 0.02) })
    expect(environment).toEqual({})
    expect(span.traceId).not.toBe(TRACE_ID)
    expect(span.attributes).toMatchObject({ 'sampling.rate': 0.1 })
  })
})
