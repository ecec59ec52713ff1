import { describe, expect, it } from 'vitest'
import { createTraceIndex, type TraceFilter } from '../../../src/cli/traces/trace-index.ts'
import { span } from './span.ts'

function indexOfThree() {
  const index = createTraceIndex()
  index.add([
    span('a1', undefined, [100, 150], { traceId: 'quick', name: 'zen.orchestrator.run' }),
    span('b1', undefined, [200, 900], { traceId: 'failed', name: 'zen.orchestrator.run' }),
    span('b2', 'b1', [210, 300], { traceId: 'failed', name: 'Palette.pick', errorType: 'RangeError' }),
    span('c1', undefined, [300, 400], { traceId: 'open', name: 'Job.print', incomplete: true }),
  ])
  return index
}

function ids(filter: TraceFilter): string[] {
  return indexOfThree()
    .find(filter, 'newest')
    .map(({ traceId }) => traceId)
}

describe('a search of traces', () => {
  it.each<[string, TraceFilter, string[]]>([
    ['nothing', {}, ['open', 'failed', 'quick']],
    ['a part of a name, in any case', { text: ' ORCHESTRATOR ' }, ['failed', 'quick']],
    ['a part of the name of a span below', { text: 'palette' }, ['failed']],
    ['an error type', { text: 'rangeerr' }, ['failed']],
    ['a trace id', { text: 'open' }, ['open']],
    ['what is nowhere', { text: 'nowhere' }, []],
    ['errors', { status: 'error' }, ['failed']],
    ['no errors', { status: 'ok' }, ['open', 'quick']],
    ['what is incomplete', { status: 'incomplete' }, ['open']],
    ['a least duration', { leastDuration: 100 }, ['open', 'failed']],
    ['a most duration', { mostDuration: 100 }, ['open', 'quick']],
    ['a period, ends included', { from: 200, to: 300 }, ['open', 'failed']],
    ['all of it together', { text: 'run', status: 'error', leastDuration: 1, from: 1, to: 999 }, ['failed']],
  ])('for %s', (_, filter, expected) => {
    expect(ids(filter)).toEqual(expected)
  })

  it('lists the slowest or the largest first if asked', () => {
    const index = indexOfThree()
    expect(index.find({}, 'slowest').map(({ traceId }) => traceId)).toEqual(['failed', 'open', 'quick'])
    expect(index.find({}, 'largest')[0]!.traceId).toBe('failed')
  })
})

describe('a trace whose spans come one after the other', () => {
  it('takes the name of its root, whenever that comes, and grows', () => {
    const index = createTraceIndex()
    index.add([span('child', 'root', [20, 30], { name: 'child' })])
    expect(index.get('t1')).toMatchObject({ name: 'child', start: 20, end: 30 })
    index.add([span('root', undefined, [25, 90], { name: 'root', errorType: 'Error' })])
    expect(index.get('t1')).toMatchObject({ name: 'root', start: 20, end: 90, errors: 1 })
    expect(index.find({ text: 'root' }, 'newest')).toHaveLength(1)
    expect(index).toMatchObject({ traceCount: 1, spanCount: 2 })
  })
})
