import { describe, expect, it } from 'vitest'
import { createLimitWarnings } from '../../../src/export/limits/limit-warnings.ts'

function setUp() {
  const lines: string[] = []
  const clock = { time: 500 }
  const warnings = createLimitWarnings({ log: { warn: (line) => lines.push(line) }, now: () => clock.time })
  return { lines, clock, warnings }
}

describe('warnings about limits', () => {
  it('warns at the first refused span', () => {
    const { lines, warnings } = setUp()
    warnings.count('spans_per_minute')
    expect(lines).toEqual([
      expect.stringMatching(/^1 span was not sent, .*\(spans_per_minute: 1\); .*ZEN_TELEMETRY_SAMPLE_RATE/),
    ])
  })

  it('sums up by reason and warns once a minute with the number', () => {
    const { lines, clock, warnings } = setUp()
    warnings.count('spans_per_minute')
    for (let index = 0; index < 400; index++) warnings.count('spans_per_minute')
    for (let index = 0; index < 20; index++) warnings.count('bytes_per_minute')
    clock.time += 59_999
    warnings.tick()
    expect(lines).toHaveLength(1)
    clock.time += 1
    warnings.tick()
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/^420 spans were not sent, .*\(spans_per_minute: 400, bytes_per_minute: 20\)/)
  })

  it('warns at most once a minute while spans are refused all the time', () => {
    const { lines, clock, warnings } = setUp()
    for (let second = 0; second < 600; second++) {
      warnings.count('spans_per_hour')
      clock.time += 1000
    }
    expect(lines).toHaveLength(10)
  })

  it('says nothing when nothing was refused', () => {
    const { lines, clock, warnings } = setUp()
    warnings.tick()
    clock.time += 120_000
    warnings.flush()
    expect(lines).toEqual([])
  })

  it('says the rest at the end, once', () => {
    const { lines, warnings } = setUp()
    warnings.count('spans_per_hour')
    warnings.count('spans_per_hour')
    warnings.flush()
    warnings.flush()
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/^1 span was/)
  })

  it('is not silenced by a clock that is set back', () => {
    const { lines, clock, warnings } = setUp()
    warnings.count('spans_per_hour')
    clock.time -= 3_600_000
    warnings.count('spans_per_hour')
    expect(lines).toHaveLength(2)
  })
})
