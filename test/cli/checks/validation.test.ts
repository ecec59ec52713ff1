import { describe, expect, it } from 'vitest'
import { rollbackCriteria } from '../../../src/cli/checks/rollback-criteria.ts'
import { checkPropagation, checkSampling } from '../../../src/cli/checks/validation.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { span } from '../traces/span.ts'

const roots = (count: number) =>
  Array.from({ length: count }, (_, index) => span(`s${index}`, undefined, [0, 1], { traceId: `t${index}` }))
const rate = (sampleRate: string) => loadConfig({ ZEN_TELEMETRY_SAMPLE_RATE: sampleRate }).config

describe('the sampling rate', () => {
  it.each([
    ['1', 100, 100, 'passed'],
    ['1', 100, 60, 'failed'],
    ['0.1', 1000, 104, 'passed'],
    ['0.1', 1000, 400, 'failed'],
    ['0.5', 1000, 20, 'failed'],
    ['0.1', 3, 0, 'passed'],
  ])('configured as %s, of %i calls %i were sampled: %s', (configured, calls, sampled, status) => {
    expect(checkSampling(roots(calls), roots(sampled), rate(configured)).status).toBe(status)
  })

  it('may be anything sensible where it adapts, and cannot be judged without a call', () => {
    expect(checkSampling(roots(100), roots(9), loadConfig({}).config).status).toBe('passed')
    expect(checkSampling([], [], loadConfig({}).config).status).toBe('failed')
  })
})

describe('context propagation', () => {
  it('passes when every call is below the one that made it, in the same trace', () => {
    const child = span('child', 's0', [0, 1], { traceId: 't0' })
    expect(checkPropagation([...roots(1), child]).status).toBe('passed')
    expect(checkPropagation([...roots(1), span('child', 's0', [0, 1], { traceId: 'other' })]).status).toBe(
      'failed',
    )
    expect(checkPropagation([...roots(1), span('child', 'gone', [0, 1])]).status).toBe('failed')
    expect(checkPropagation(roots(2)).status).toBe('skipped')
  })
})

describe('the criteria for a rollback', () => {
  const cost = (milliseconds: number, peakMegabytes: number, code = 0) => ({
    code,
    milliseconds,
    peakMegabytes,
  })
  const plain = [cost(100, 50), cost(110, 50), cost(500, 50)]

  it('compare the fastest runs, and the median of memory, with and without the agent', () => {
    const criteria = rollbackCriteria({
      plain,
      traced: [cost(130, 90), cost(120, 80), cost(900, 85)],
      delivered: 99,
      dropped: 1,
      roots: [],
    })
    expect(criteria.map(({ measured, passed }) => [measured, passed])).toEqual([
      [0, true],
      [1, true],
      [20, true],
      [35, true],
    ])
  })

  it('fail beyond their bounds, and are open where nothing was measured', () => {
    const traced = [cost(200, 160), cost(200, 160, 1), cost(200, 160)]
    const criteria = rollbackCriteria({ plain, traced, delivered: 98, dropped: 2, roots: [] })
    expect(criteria.map(({ passed }) => passed)).toEqual([false, false, false, false])
    const [, exports] = rollbackCriteria({
      plain,
      traced: plain,
      delivered: undefined,
      dropped: undefined,
      roots: [],
    })
    expect(exports!.passed).toBeUndefined()
  })

  it('spread what a run takes longer over its calls, and say what was done', () => {
    const traced = [cost(200, 50)]
    const latencyOf = (calls: readonly [number, number][]) =>
      rollbackCriteria({
        plain,
        traced,
        delivered: 1,
        dropped: 0,
        roots: calls.map((times, index) => span(`s${index}`, undefined, times)),
      })[2]!
    // One after the other, with a gap; then all at the same time, where each waits for the others.
    expect(
      latencyOf([
        [0, 10],
        [20, 30],
        [30, 40],
        [40, 50],
      ]),
    ).toMatchObject({ measured: 25, passed: true })
    expect(
      latencyOf([
        [0, 10],
        [0, 10],
        [0, 10],
        [0, 10],
      ]),
    ).toMatchObject({ measured: 100, passed: false })
    expect(
      latencyOf([
        [0, 10],
        [5, 15],
      ]).how,
    ).toContain('100 ms of the whole run, start-up included, over 2 root calls, 1.3 at')
    expect(latencyOf([])).toMatchObject({ measured: 100, how: expect.stringContaining('whole run') })
    expect(
      latencyOf([
        [3, 3],
        [3, 3],
      ]),
    ).toMatchObject({ measured: 50 })
  })
})
