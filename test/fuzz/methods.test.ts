import fc from 'fast-check'
import { expect, it } from 'vitest'
import { modulePattern } from '../../src/targets/module-pattern.ts'
import { parseMethods } from '../../src/targets/parse-methods.ts'
import { expectFastOnEach } from './fast-on-each.ts'

const WORDS = [
  'my-pkg',
  '@a/b',
  './lib/x.js',
  '/',
  '..',
  'file:///x',
  'file://%',
  '#',
  '[',
  ']',
  ',',
  '*',
  ';',
  'Worker',
  '$_é',
  ' ',
  '\\',
  'node_modules',
  '(',
  '+',
  '\ud800',
  '\0',
]

const notation = fc.oneof(
  fc.array(fc.constantFrom(...WORDS), { maxLength: 14 }).map((words) => words.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.tuple(fc.constantFrom(...WORDS), fc.nat(2000)).map(([word, times]) => word.repeat(times)),
)

it('any text is read as methods, or said to be none', () => {
  expectFastOnEach(notation, (text) => {
    const { entries, problems } = parseMethods(text)
    expect(entries.length + problems.length).toBeLessThanOrEqual(text.split(';').length)
    for (const { module } of entries)
      modulePattern(module, '/app').matches('/app/node_modules/my-pkg/index.js')
  })
})
