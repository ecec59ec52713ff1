import { describe, expect, it } from 'vitest'
import { buildTraces } from '../../../src/cli/traces/build-traces.ts'
import { type Paint, renderTraces } from '../../../src/cli/traces/render-traces.ts'
import type { TraceSpan } from '../../../src/cli/traces/trace-span.ts'
import { span } from './span.ts'

const plain: Paint = (_, text) => text

function draw(spans: readonly TraceSpan[], width = 50, paint = plain): string[] {
  return renderTraces(buildTraces(spans), { width, paint })
}

describe('a drawn trace', () => {
  it('shows children below their parents by start, with bars where they ran', () => {
    expect(
      draw(
        [
          span('late', 'root', [50, 100]),
          span('root', undefined, [0, 100]),
          span('early', 'root', [0, 50]),
          span('inner', 'early', [0, 25]),
        ],
        51,
      ),
    ).toEqual([
      'trace t1',
      '✓ root         100.0 ms ████████████',
      '✓ ├─ early      50.0 ms ██████',
      '✓ │  └─ inner   25.0 ms ███',
      '✓ └─ late       50.0 ms       ██████',
    ])
  })

  it('names the error of a failed call and says what is incomplete, behind bars of one length', () => {
    const lines = draw(
      [
        span('root', undefined, [0, 2000], { errorType: 'TypeError' }),
        span('open', 'root', [0, 1000], { errorType: 'Error', incomplete: true }),
      ],
      49,
    )
    expect(lines.slice(1)).toEqual([
      '✗ root       2.00 s ██████████████ TypeError',
      '✗ └─ open    1.00 s ███████        Error, incomplete',
    ])
  })

  it('paints nothing but marks, bars, errors and the trace id', () => {
    const paint: Paint = (colour, text) => `<${colour}:${text}>`
    expect(draw([span('root', undefined, [0, 1], { errorType: 'Error' })], 10, paint)).toEqual([
      '<gray:trace t1>',
      '<red:✗> root    1.0 ms <red:████████> <red:Error>',
    ])
  })

  it('gives a call that took no time a bar of one character inside the trace', () => {
    const lines = draw([span('root', undefined, [0, 10]), span('end', 'root', [10, 10])])
    expect(lines[2]).toMatch(/µs +█$/)
    expect(lines[2]).toHaveLength(lines[1]!.length)
  })

  it('survives a trace that took no time at all', () => {
    expect(draw([span('root', undefined, [5, 5])])[1]).toContain('█')
  })
})

describe('traces', () => {
  it('stand in the order in which they began, apart from each other', () => {
    const spans = [
      span('second', undefined, [20, 30], { traceId: 't2' }),
      span('first', undefined, [10, 40], { traceId: 't1' }),
    ]
    expect(draw(spans).filter((line) => !line.includes('█'))).toEqual(['trace t1', '', 'trace t2'])
  })

  it('show a span whose parent is missing as a root', () => {
    expect(draw([span('orphan', 'gone', [0, 1])])[1]).toMatch(/^✓ orphan/)
  })

  it('are no lines when there are none', () => {
    expect(draw([])).toEqual([])
  })
})
