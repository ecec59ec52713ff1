import { describe, expect, it } from 'vitest'
import { readTraceParent } from '../../src/tracing/remote-parent.ts'
import { rateOfState, samplingState, withoutThreshold } from '../../src/tracing/sampling-state.ts'

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const LOW = `${'1'.repeat(18)}${'0'.repeat(14)}`
const HIGH = `${'1'.repeat(18)}${'f'.repeat(14)}`
const VALUES = 2 ** 56

describe('the state of a trace that begins here', () => {
  // Thresholds from the table of the specification, which rounds them to five digits.
  it.each([
    [1, '0'],
    [0.5, '8'],
    [0.25, 'c'],
    [0.1, 'e6666'],
    [0.01, 'fd70a'],
    [0.001, 'ffbe7'],
    [0.99, '028f5'],
  ])('says the rate %d', (rate, digits) => {
    const [, threshold = ''] = /^ot=th:([0-9a-f]+);rv:[0-9a-f]{14}$/.exec(samplingState(TRACE_ID, rate)) ?? []
    expect(threshold.slice(0, 5)).toBe(digits)
  })

  it('is read as it was written, whatever the trace and the rate', () => {
    for (const traceId of [TRACE_ID, LOW, HIGH]) {
      for (const rate of [1, 0.999999, 0.5, 0.123456, 0.1, 0.05, 0.01, 0.000001]) {
        expect(rateOfState(traceId, samplingState(traceId, rate))).toBe(rate)
      }
    }
  })

  it('spreads its random value evenly over what the rate lets through', () => {
    const least = samplingState(LOW, 0.1)
    const most = samplingState(HIGH, 0.1)
    const valueOf = (state: string): number => Number(`0x${state.slice(-14)}`) / VALUES
    expect(valueOf(least)).toBeCloseTo(0.9, 10)
    expect(valueOf(most)).toBeCloseTo(1, 10)
    expect(samplingState(TRACE_ID, 0.1)).toBe(samplingState(TRACE_ID, 0.1))
  })
})

describe('the state of a trace of others', () => {
  it.each([
    [undefined, undefined],
    ['vendor=1', undefined],
    ['ot=p:8;r:62', undefined],
    ['ot=th:0', 1],
    ['vendor=1, ot=rv:ffffffffffffff;th:c ,other=th:8', 0.25],
    ['ot=th:C;rv:FFFFFFFFFFFFFF', 0.25],
    // The last 14 digits of the id of the trace are 48eb211c80319c.
    ['ot=th:4', 0.75],
    ['ot=th:8', undefined],
    ['ot=th:c;rv:00000000000000', undefined],
    ['ot=th:123456789012345', undefined],
    ['ot=th:nonsense', undefined],
  ])('%s says %s', (state, rate) => {
    expect(rateOfState(TRACE_ID, state)).toBe(rate)
  })

  it('goes on without a threshold that cannot be', () => {
    expect(withoutThreshold('ot=th:8')).toBeUndefined()
    expect(withoutThreshold('a=1,ot=th:8;rv:00000000000000,b=th:8')).toBe('a=1,ot=rv:00000000000000,b=th:8')
    const parent = (flags: string, state: string) =>
      readTraceParent(`00-${TRACE_ID}-b7ad6b7169203331-${flags}`, state)
    expect(parent('01', 'a=1,ot=th:8')).toMatchObject({ samplingRate: undefined, traceState: 'a=1' })
    expect(parent('01', 'a=1,ot=th:4')).toMatchObject({ samplingRate: 0.75, traceState: 'a=1,ot=th:4' })
    // What was not sampled stands for nothing, and its threshold is as it should be.
    expect(parent('00', 'ot=th:8')).toMatchObject({ samplingRate: undefined, traceState: 'ot=th:8' })
  })
})
