import { describe, expect, it } from 'vitest'
import { createAttributeGlobs } from '../../../src/export/privacy/attribute-globs.ts'

const denying = (...deny: string[]) => createAttributeGlobs({ allow: [], deny })
const allowing = (...allow: string[]) => createAttributeGlobs({ allow, deny: [] })

describe('globs on attribute names', () => {
  it('records everything without globs', () => {
    expect(allowing()('anything')).toBe(true)
  })

  it('records only what is allowed, and the agent’s own attributes', () => {
    const mayRecord = allowing('http.*', 'job.id')
    expect(
      ['http.route', 'http.', 'job.id', 'operation', 'zen.version', 'zen.incomplete'].every(mayRecord),
    ).toBe(true)
    expect(['http', 'job.ids', 'xhttp.route', 'user.id'].some(mayRecord)).toBe(false)
  })

  it('lets deny win over allow', () => {
    const mayRecord = createAttributeGlobs({ allow: ['http.*'], deny: ['*.cookie'] })
    expect(mayRecord('http.route')).toBe(true)
    expect(mayRecord('http.cookie')).toBe(false)
  })

  it('denies the agent’s own attributes too', () => {
    expect(denying('zen.*')('zen.version')).toBe(false)
    expect(denying('*')('operation')).toBe(false)
  })

  it.each([
    ['?', 'a', true],
    ['?', '', false],
    ['?', '😀', true],
    ['??', 'a', false],
    ['a?c', 'abc', true],
    ['*', '', true],
    ['a*c', 'ac', true],
    ['a*c', 'a.b.c', true],
    ['*a*b*', 'xxaxxbxx', true],
    ['*a*b*', 'xxbxxaxx', false],
    ['a*a', 'a', false],
    ['**', 'x', true],
    ['a.b', 'axb', false],
    ['(a|b)+$', '(a|b)+$', true],
    ['User', 'user', false],
  ])('%j on %j: %s', (glob, name, expected) => {
    expect(denying(glob)(name)).toBe(!expected)
  })

  it('ends on a glob of many stars and a long name', () => {
    expect(denying(`${'*a'.repeat(200)}*b`)('a'.repeat(65_536))).toBe(true)
  })

  it('answers the same for more names than it remembers', () => {
    const mayRecord = denying('secret.*')
    for (let round = 0; round < 2; round++) {
      for (let index = 0; index < 1500; index++) {
        expect(mayRecord(`secret.${index}`)).toBe(false)
        expect(mayRecord(`open.${index}`)).toBe(true)
      }
    }
  })
})
