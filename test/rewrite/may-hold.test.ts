import { describe, expect, it } from 'vitest'
import { mayHold } from '../../src/rewrite/may-hold.ts'

const MEMBERS = { members: ['run', '$x'], exports: [] }
const EXPORTS = { members: [], exports: [{ name: 'f', key: 'f' }] }

describe('the quick look at a source', () => {
  it.each([
    'class A { run = () => 1 }',
    'class A { run\n=\n() => 1 }',
    'class A { run /* now */ = () => 1 }',
    "class A { 'run' = () => 1 }",
    "class A { ['run'] = () => 1 }",
    "this[ 'run' ] ??= () => 1",
    'self.run=function(){}',
    '__publicField(this, "run", () => 1)',
    'class A { $x = () => 1 }',
    'class A { run = async function () {} }',
    'class A { run = /* @__PURE__ */ __name(() => 1, "run") }',
    'class A { run = // now\n () => 1 }',
    'this.run=e=>1',
    'const a = 1; this.run = ünit => 1',
  ])('finds that a parser is needed: %s', (source) => {
    expect(mayHold(source, MEMBERS, 'module', false)).toBe(true)
  })

  it.each([
    'class A { async run() { return this.run() } }',
    'const { run } = this; run(() => 1)',
    'if (this.run === other) return',
    'run => 1',
    'class A { rerun = () => 1; runs = () => 2; #run = () => 3 }',
    '({ run: () => 1 })',
    'class A { x = () => 1 }',
    'const run = async () => 1; let  run = 1; var run = function () {}',
    'this.run = this.run.bind(this); this.run = 5; run = new Run()',
    '',
  ])('spares the parser: %s', (source) => {
    expect(mayHold(source, MEMBERS, 'commonjs', false)).toBe(false)
  })

  it('takes types into account', () => {
    expect(mayHold('class A { run: Run = () => 1 }', MEMBERS, 'module-typescript', true)).toBe(true)
    expect(mayHold('class A { run?: Run = () => 1 }', MEMBERS, 'module', true)).toBe(true)
  })

  it('looks for exports in ES modules alone', () => {
    expect(mayHold('export { f }', EXPORTS, 'module', false)).toBe(true)
    expect(mayHold('export { f }', EXPORTS, undefined, false)).toBe(true)
    expect(mayHold('export * from "./other.mjs"', EXPORTS, 'module', false)).toBe(true)
    expect(mayHold('export { f }', EXPORTS, 'commonjs', false)).toBe(false)
    expect(mayHold('const f = 1', EXPORTS, 'module', false)).toBe(false)
    expect(mayHold('export { g }', EXPORTS, 'module', false)).toBe(false)
  })

  it('looks at every class where any name is wanted', () => {
    expect(mayHold('class A {}', { members: '*', exports: [] }, 'module', false)).toBe(true)
    expect(mayHold('const a = 1', { members: '*', exports: [] }, 'module', false)).toBe(false)
  })

  it('takes no longer for long sources that nearly match', () => {
    const source = `run ${'/* */ '.repeat(50_000)}`.repeat(4)
    expect(mayHold(source, MEMBERS, 'module', true)).toBe(false)
  })
})
