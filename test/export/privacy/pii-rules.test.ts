import { describe, expect, it } from 'vitest'
import { machineNameRules } from '../../../src/export/privacy/machine-name-rules.ts'
import { createTextFilter, PII_RULES } from '../../../src/export/privacy/pii-filter.ts'
import { applyRule } from '../../../src/export/privacy/pii-rule.ts'
import { createSeededRandom } from './seeded-random.ts'

const NAMES = { user: 'jane.doe', host: 'laptop.example' }
const RULES = [...PII_RULES, ...machineNameRules(NAMES)]

/** Long enough that quadratic time would be minutes for each of the texts. */
const LONG = 512 * 1024

/** Beginnings, insides and separators of everything that is looked for. */
const PIECES = [
  ' ',
  '\n',
  // One line a group, because a list of strings is formatted one a line.
  ...String.raw`a 0 1 4 f - _ . : / \ @ = + % " [ é 😀 ${'\ud800'}
    :// ://: ://a: %40 %3D \n eyJ eyJaaaaaaaa
    bearer Bearer basic AIza AKIA ghp_ sk- sk-a xoxb- npm_ SG. SG.aaaaaaaaaaaaaaaa 1234567:AA
    password= "token":" access_ passpass /home/ /Users/ C:\Users\ \users\
    :: 1:: 1:1: 4111- 1.1.1. a@ a@a. jane jane.doe laptop. aaaa 1111`.split(/\s+/),
  '-----BEGIN ',
  'PRIVATE KEY-----',
  '-----END ',
  'bearer ',
  'basic ',
  '4111 ',
  'version ',
  '\\users\\a b',
]

describe('the patterns of the PII filter', () => {
  it('are global, and none can match nothing', () => {
    for (const { pattern } of RULES) {
      expect(pattern.flags, pattern.source).toContain('g')
      expect(new RegExp(pattern, pattern.flags.replace('g', '')).test(''), pattern.source).toBe(false)
    }
  })

  it('have no unbounded quantifier inside of another repeated group', () => {
    for (const { pattern } of RULES) expect(nestedQuantifiers(pattern.source), pattern.source).toEqual([])
  })

  it('would be seen if they had one', () => {
    expect(nestedQuantifiers('(a+)+')).toHaveLength(1)
    expect(nestedQuantifiers('(?:a|b(?:c*d)?){2,}')).toHaveLength(1)
    expect(nestedQuantifiers('(?:[+*]\\+){2,}x+(?:a+){0,3}')).toEqual([])
  })

  it('get through very long texts of every piece', () => {
    for (const piece of PIECES) {
      const text = piece.repeat(LONG / piece.length)
      for (const rule of RULES) applyRule(rule, text)
    }
  }, 600_000)

  it('get through 64 KiB of pieces in any mixture', () => {
    const random = createSeededRandom(7)
    for (let round = 0; round < 100; round++) {
      const few = Array.from({ length: 1 + random.below(4) }, () => random.pick(PIECES))
      const before = random.pick(PIECES)
      let text = ''
      while (text.length < 65_536) text += random.pick(few)
      const filtered = createTextFilter(NAMES)(before + text)
      expect(typeof filtered).toBe('string')
    }
  }, 600_000)

  it('fail on no short text', () => {
    const random = createSeededRandom(11)
    const filter = createTextFilter(NAMES)
    for (let round = 0; round < 100_000; round++) {
      const text = Array.from({ length: random.below(10) }, () => random.pick(PIECES)).join('')
      expect(typeof filter(text)).toBe('string')
    }
  }, 600_000)
})

/** Groups of a pattern that repeat without bound and hold something that repeats without bound. */
function nestedQuantifiers(source: string): string[] {
  const nested: string[] = []
  const open: { from: number; unbounded: boolean }[] = [{ from: 0, unbounded: false }]
  const plain = source.replaceAll(/\\[pP]\{[^}]*\}|\\./g, (escape) => 'e'.repeat(escape.length))
  const flat = plain.replaceAll(/\[\^?[^\]]*\]/g, (set) => 's'.repeat(set.length))
  for (let index = 0; index < flat.length; index++) {
    const repeats = /^(?:[*+]|\{\d+,\})/.test(flat.slice(index + 1, index + 8))
    if (flat[index] === '(') open.push({ from: index, unbounded: false })
    if (flat[index] === ')') {
      const group = open.pop()!
      if (group.unbounded && repeats) nested.push(source.slice(group.from, index + 2))
      if (group.unbounded || repeats) open.at(-1)!.unbounded = true
    } else if (repeats) {
      open.at(-1)!.unbounded = true
    }
  }
  return nested
}
