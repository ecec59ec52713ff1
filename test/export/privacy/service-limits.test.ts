import { describe, expect, it } from 'vitest'
import { cutToBytes, limitCounts, limitSizes } from '../../../src/export/privacy/service-limits.ts'
import type { WireSpan } from '../../../src/transport/wire.ts'
import { createSeededRandom } from './seeded-random.ts'
import { spanOf } from './span-of.ts'

const bytes = (text: unknown) => Buffer.byteLength(String(text))
const limit = (fields: Partial<WireSpan>) => limitSizes(limitCounts(spanOf(fields)))
const LONG = 'é😀x'.repeat(40_000)

describe('limits of the service', () => {
  it('cuts every text of a span to its bytes', () => {
    const error = { type: LONG, message: LONG, stack: LONG }
    const span = limit({
      name: LONG,
      attributes: { [LONG]: 'key', value: LONG },
      error,
      recorded: [{ ...error, at: 1 }],
    })
    const [key = ''] = Object.keys(span.attributes)
    expect(bytes(span.name)).toBeLessThanOrEqual(1024)
    expect(bytes(span.name)).toBeGreaterThan(1020)
    expect(bytes(key)).toBeLessThanOrEqual(512)
    expect(bytes(span.attributes['value'])).toBeLessThanOrEqual(65_536)
    for (const cut of [span.error, span.recorded?.[0]]) {
      expect(bytes(cut?.type)).toBeLessThanOrEqual(1024)
      expect(bytes(cut?.message)).toBeLessThanOrEqual(65_536)
      expect(bytes(cut?.stack)).toBeLessThanOrEqual(65_536)
      expect(bytes(cut?.stack)).toBeGreaterThan(65_530)
    }
  })

  it('leaves a span within the limits as it is', () => {
    const span = spanOf({
      attributes: { a: 'é', b: 1, c: true, d: ['x', ''], e: [1, 2], f: [false] },
      error: { type: 'Error', message: 'm', stack: 's' },
      recorded: [{ type: 'Error', at: 1 }],
    })
    expect(limitSizes(limitCounts(span))).toEqual(span)
  })

  it('keeps 256 events, the error of the call among them', () => {
    const recorded = Array.from({ length: 300 }, (_, at) => ({ type: 'Error', at }))
    expect(limit({ recorded }).recorded).toHaveLength(256)
    const failed = limit({ recorded, error: { type: 'Error' } })
    expect(failed.recorded).toHaveLength(255)
    expect(failed.recorded?.[0]?.at).toBe(0)
  })

  it('keeps 128 attributes, and the agent’s own wherever they stand', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`a${index}`, index]))
    const { attributes } = limit({ attributes: { ...many, operation: 'main_loop', 'zen.version': '1.0.0' } })
    expect(Object.keys(attributes)).toHaveLength(128)
    expect(attributes).toMatchObject({ operation: 'main_loop', 'zen.version': '1.0.0', a0: 0, a125: 125 })
  })

  it('keeps the strings of an array within the bytes of one value', () => {
    const { attributes } = limit({
      attributes: { texts: Array.from({ length: 20_000 }, () => 'é'.repeat(50)) },
    })
    const texts = attributes['texts'] as string[]
    expect(bytes(texts.join(''))).toBeLessThanOrEqual(65_536)
    expect(texts.length).toBeGreaterThan(600)
  })

  it('bounds arrays of numbers', () => {
    expect(
      limit({ attributes: { n: Array.from({ length: 100_000 }, () => 1) } }).attributes['n'],
    ).toHaveLength(8192)
  })

  it('drops values that are none, and elements of another kind', () => {
    const attributes = JSON.parse(
      '{"a":null,"b":{"c":1},"d":["x",null,1],"e":[null],"f":[["x"]],"":1,"g":[]}',
    )
    expect(limit({ attributes }).attributes).toEqual({ d: ['x'], e: [], f: [], g: [] })
  })

  it('keeps the first of two names that became the same', () => {
    const name = 'k'.repeat(600)
    expect(Object.values(limit({ attributes: { [`${name}1`]: 1, [`${name}2`]: 2 } }).attributes)).toEqual([1])
  })

  it('carries an attribute called __proto__ as any other', () => {
    const { attributes } = limit({ attributes: JSON.parse('{"__proto__":"x"}') })
    expect(Object.getOwnPropertyDescriptor(attributes, '__proto__')?.value).toBe('x')
    expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype)
  })
})

describe('cutting to bytes', () => {
  it('never splits a character, never exceeds the bytes, and cuts no more than needed', () => {
    const random = createSeededRandom(1)
    for (let round = 0; round < 5000; round++) {
      const text = Array.from({ length: random.below(40) }, () =>
        random.pick(['a', 'é', '€', '😀', '𝒳', ' ']),
      ).join('')
      const most = random.below(60)
      const cut = cutToBytes(text, most)
      expect(bytes(cut)).toBeLessThanOrEqual(most)
      expect(text.startsWith(cut)).toBe(true)
      expect(cut).not.toMatch(/\p{Surrogate}/u)
      if (cut !== text)
        expect(bytes(cut) + bytes(Array.from(text.slice(cut.length))[0])).toBeGreaterThan(most)
    }
  })

  it('replaces half a surrogate pair, which protobuf cannot carry', () => {
    expect(cutToBytes('a\ud83d', 100)).toBe('a\ufffd')
    expect(cutToBytes('\ude00b😀', 100)).toBe('\ufffdb😀')
  })
})
