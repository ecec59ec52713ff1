import { describe, expect, it } from 'vitest'
import { readTraceParent, writeTraceParent } from '../../src/tracing/remote-parent.ts'

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const SPAN_ID = 'b7ad6b7169203331'

describe('a trace parent', () => {
  it.each([
    [`00-${TRACE_ID}-${SPAN_ID}-01`, 1],
    [`00-${TRACE_ID}-${SPAN_ID}-00`, 0],
    [` 00-${TRACE_ID}-${SPAN_ID}-03 `, 1],
    [`cc-${TRACE_ID}-${SPAN_ID}-01-what-comes-later`, 1],
  ])('is read: %s', (text, traceFlags) => {
    expect(readTraceParent(text)?.spanContext()).toMatchObject({
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      traceFlags,
    })
  })

  it.each([
    undefined,
    '',
    'nonsense',
    `00-${TRACE_ID}-${SPAN_ID}`,
    `00-${TRACE_ID}-${SPAN_ID}-01-more`,
    `ff-${TRACE_ID}-${SPAN_ID}-01`,
    `00-${'0'.repeat(32)}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
    `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`,
  ])('is not taken for one: %s', (text) => {
    expect(readTraceParent(text)).toBeUndefined()
  })

  it('is written as it was read, with the state of its trace beside it', () => {
    const text = `00-${TRACE_ID}-${SPAN_ID}-01`
    const remote = readTraceParent(text, ' vendor=1 ')!
    expect(writeTraceParent(remote.spanContext())).toBe(text)
    expect(remote.traceState).toBe('vendor=1')
    expect(readTraceParent(text, `v=${'x'.repeat(600)}`)?.traceState).toBeUndefined()
  })
})
