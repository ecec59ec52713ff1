import { describe, expect, it } from 'vitest'
import { exportChrome } from '../../../src/cli/traces/export-chrome.ts'
import { exportOtlp } from '../../../src/cli/traces/export-otlp.ts'
import { parseRequestLine } from '../../../src/cli/traces/parse-request-line.ts'
import { span } from './span.ts'

function slices(...spans: Parameters<typeof exportChrome>[0][]) {
  return exportChrome(spans.flatMap((some) => [...some])).traceEvents.filter(({ ph }) => ph === 'X')
}

describe('OTLP JSON', () => {
  it('is what the files hold: a line that was read and written again is the same', () => {
    const request = {
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
          scopeSpans: [
            {
              scope: { name: '@zen/telemetry' },
              spans: [span('a', undefined, [1, 2]).otlp, span('b', 'a', [1, 2]).otlp],
            },
          ],
        },
      ],
    }
    expect(exportOtlp(parseRequestLine(JSON.stringify(request)))).toEqual(request)
  })
})

describe('the Chrome trace format', () => {
  it('has a slice for each span, in microseconds, with its attributes', () => {
    const [slice] = slices([span('a', undefined, [1000, 1012], { errorType: 'TypeError' })])
    expect(slice).toMatchObject({ name: 'a', cat: 'error', ts: 1_000_000, dur: 12_000 })
    expect(slice!.args).toMatchObject({ span_id: 'a', trace_id: 't1' })
  })

  it('names services as processes and traces as rows', () => {
    const source = {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scope: {},
    }
    const { traceEvents } = exportChrome([span('a', undefined, [1, 2], { source })])
    expect(traceEvents.filter(({ ph }) => ph === 'M').map(({ name, args }) => [name, args['name']])).toEqual([
      ['process_name', 'shop'],
      ['thread_name', 'trace t1'],
    ])
  })

  it('puts calls that overlap without one inside the other on different rows, and others on one', () => {
    const all = slices([
      span('root', undefined, [0, 100]),
      span('first', 'root', [10, 60]),
      span('overlapping', 'root', [50, 90]),
      span('inside', 'overlapping', [70, 80]),
      span('after', 'root', [90, 95]),
    ])
    const row = (id: string) => all.find(({ name }) => name === id)!.tid
    expect(row('first')).toBe(row('root'))
    expect(row('overlapping')).not.toBe(row('first'))
    expect(row('after')).toBe(row('root'))
    for (const a of all) {
      for (const b of all) {
        if (a === b || a.tid !== b.tid) continue
        const [outer, inner] = a.ts! < b.ts! || (a.ts === b.ts && a.dur! >= b.dur!) ? [a, b] : [b, a]
        const apart = inner.ts! >= outer.ts! + outer.dur!
        expect(apart || inner.ts! + inner.dur! <= outer.ts! + outer.dur!).toBe(true)
      }
    }
  })
})
