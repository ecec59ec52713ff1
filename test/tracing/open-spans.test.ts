import { expect, it } from 'vitest'
import { createOpenSpans } from '../../src/tracing/open-spans.ts'
import { RecordingSpan } from '../../src/tracing/recording-span.ts'
import { startOf } from './recording-tracer.ts'

function spanNamed(name: string, ended: string[]): RecordingSpan {
  return new RecordingSpan(startOf(), () => ended.push(name))
}

it('ends what is still open, the latest first, once', () => {
  const ended: string[] = []
  const open = createOpenSpans()
  const [a, b, c] = ['a', 'b', 'c'].map((name) => spanNamed(name, ended))
  for (const span of [a!, b!, c!]) open.add(span)
  open.remove(b!)
  open.endAll()
  open.endAll()
  expect(ended).toEqual(['c', 'a'])
  expect(a!.toWire().incomplete).toBe(true)
})

it('forgets the oldest where very many are open', () => {
  const ended: string[] = []
  const open = createOpenSpans()
  for (let index = 0; index < 10_005; index++) open.add(spanNamed(String(index), ended))
  open.endAll()
  expect(ended).toHaveLength(10_000)
  expect(ended.at(-1)).toBe('5')
})
