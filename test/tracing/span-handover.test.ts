import { describe, expect, it } from 'vitest'
import { RecordingSpan } from '../../src/tracing/recording-span.ts'
import { createSpanHandover } from '../../src/tracing/span-handover.ts'
import { startOf } from './recording-tracer.ts'

function ended(error?: Error): RecordingSpan {
  const span = new RecordingSpan(startOf(), () => {})
  if (error) span.endWithError(error)
  else span.end()
  return span
}

function handover(holds = true): {
  passed: RecordingSpan[]
  add: (span: RecordingSpan) => void
  flush: () => void
} {
  const passed: RecordingSpan[] = []
  return { passed, ...createSpanHandover((span) => passed.push(span), holds) }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a finished span', () => {
  it('is passed on at once', () => {
    const { passed, add } = handover()
    const span = ended()
    add(span)
    expect(passed).toEqual([span])
  })

  it('that ended by an error is passed on when the event loop has turned, once', async () => {
    const { passed, add, flush } = handover()
    const spans = [ended(new Error('a')), ended(new Error('b'))]
    spans.forEach(add)
    await Promise.resolve()
    expect(passed).toEqual([])
    await nextTurn()
    expect(passed).toEqual(spans)
    flush()
    await nextTurn()
    expect(passed).toHaveLength(2)
  })

  it('does not wait in a worker thread', () => {
    const { passed, add } = handover(false)
    add(ended(new Error('a')))
    expect(passed).toHaveLength(1)
  })

  it('does not wait where the process ends', () => {
    const { passed, add, flush } = handover()
    add(ended(new Error('a')))
    flush()
    expect(passed).toHaveLength(1)
  })

  it('does not wait where too many do', () => {
    const { passed, add } = handover()
    for (let index = 0; index < 600; index++) add(ended(new Error('a')))
    expect(passed).toHaveLength(512)
  })
})
