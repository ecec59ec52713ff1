import { parse } from 'acorn'
import { describe, expect, it } from 'vitest'
import { exportedAgain, type ExportedAgain, targetAt } from '../../src/rewrite/exported-again.ts'
import { type RewriteRequest, rewriteSource } from '../../src/rewrite/rewrite-source.ts'
import type { WantedExport } from '../../src/targets/target.ts'

const WANTED = { members: ['work', 'run'], exports: named('f', 'g', 'default') }
const LOCATION = 'file:///app/jobs.mjs'

function named(...names: string[]): WantedExport[] {
  return names.map((name) => ({ name, key: name }))
}
const CALL = /__zenTelemetry\((\w+),("[^"]*"),/g

function rewritten(
  source: string,
  format: 'module' | 'commonjs' | undefined = 'module',
  members: '*' | readonly string[] = WANTED.members,
): string | undefined {
  return rewriteSource(source, {
    format,
    typed: false,
    location: LOCATION,
    wanted: { ...WANTED, members },
  }).source
}

/** Holder and key of each call that was put in, once it is sure that the rest is what it was. */
function callsIn(
  source: string,
  format?: 'module' | 'commonjs',
  members?: '*' | readonly string[],
): string[] | undefined {
  const result = rewritten(source, format, members)
  if (result === undefined) return undefined
  const body = result.slice(0, result.lastIndexOf('\n;function'))
  expect(withoutInsertions(body, /,"([\d:,]+)"\)/.exec(result.slice(body.length))![1]!)).toBe(source)
  parse(result, { ecmaVersion: 'latest', sourceType: format ?? 'module', allowHashBang: true })
  return [...body.matchAll(CALL)].map(([, holder, key]) => `${holder} ${JSON.parse(key!) as string}`)
}

function withoutInsertions(body: string, shifts: string): string {
  const lines = body.split('\n')
  for (const [line, column, length] of shifts.split(',').map((shift) => shift.split(':').map(Number))) {
    const text = lines[line! - 1]!
    lines[line! - 1] = text.slice(0, column) + text.slice(column! + length!)
  }
  return lines.join('\n')
}

describe('functions that instances get', () => {
  it.each<[string, string, string[]]>([
    ['an arrow function in a field', 'class A { work = () => 1 }', ['this work']],
    ['an async one', 'class A { work = async (a) => { await a } }', ['this work']],
    ['a function expression', 'class A { work = function () {} }', ['this work']],
    ['a generator', 'class A { work = async function* () {} }', ['this work']],
    [
      'a field with a key in quotes',
      "class A { 'work' = () => 1; ['run'] = () => 2 }",
      ['this work', 'this run'],
    ],
    ['a field in parentheses', 'class A { work = ((a) => a) }', ['this work']],
    [
      'one behind another, on one line',
      'class A { work = () => 1; run = () => 2 }',
      ['this work', 'this run'],
    ],
    ['one inside another', 'class A { work = () => { this.run = () => 2 } }', ['this work', 'this run']],
    ['one that ends with another', 'class A { work = () => this.run = () => 2 }', ['this work', 'this run']],
    ['a nested class', 'class A { static B = class { work = () => 1 } }', ['this work']],
    ['a class expression', 'const make = (Base) => class extends Base { work = () => 1 }', ['this work']],
    ['beside private names', 'class A { #work = () => 1; work = () => this.#work() }', ['this work']],
    ['an assignment in a constructor', 'class A { constructor() { this.work = () => 1 } }', ['this work']],
    ['in a constructor function', 'function A() { this.work = function () {} }', ['this work']],
    ['to a variable', 'function A() { var self = this; self.work = function () {} }', ['self work']],
    ['by a computed key', "function A() { this['work'] = () => 1 }", ['this work']],
    [
      'only if there is none',
      'function A() { this.work ??= () => 1; this.run ||= () => 1 }',
      ['this work', 'this run'],
    ],
    [
      'in a sequence',
      'function A() { this.other = 1, this.work = () => 1, this.run = () => 2 }',
      ['this work', 'this run'],
    ],
    ['as TypeScript defines it', 'Object.defineProperty(this, "work", { value: () => 1 })', ['this work']],
    ['as esbuild defines it', '__publicField(this, "work", () => 1)', ['this work']],
    [
      'as esbuild keeps its name',
      'class A { work = /* @__PURE__ */ __name(() => 1, "work") }',
      ['this work'],
    ],
    ['as Babel defines it', '(0, _defineProperty2.default)(_this, "work", function () {})', ['_this work']],
    [
      'with a regular expression before it',
      'class A { re = /work = () => 1/; work = () => /}/ }',
      ['this work'],
    ],
  ])('%s', (_, source, calls) => expect(callsIn(source)).toEqual(calls))

  it.each([
    ['a method', 'class A { work() {} async run() {} }'],
    ['an accessor', 'class A { get work() { return () => 1 } set work(a) {} }'],
    ['a private name', 'class A { #work = () => 1 }'],
    ['a static field, which is patched from outside', 'class A { static work = () => 1 }'],
    ['a computed key that is no text', 'class A { [work] = () => 1 }'],
    ['another name', 'class A { works = () => 1; rework = () => 1 }'],
    ['what is no function', 'class A { work = this.run.bind(this); run = debounce(() => 1) }'],
    ['a class', 'class A { work = class {} }'],
    ['a field without a value', 'class A { work; run }'],
    ['a member of a member', 'A.prototype.work = function () {}; this.a.run = () => 1'],
    ['a member of a call, which would be made twice', 'make().work = () => 1'],
    ['what CommonJS exports', 'exports.work = () => 1; module.run = () => 1'],
    ['a property of an object', 'const a = { work: () => 1, run() {} }'],
    ['a listener by name', "on(this, 'work', () => 1)"],
    [
      'a method of a property descriptor',
      "Object.defineProperty(this, 'work', { value() {}, get: () => 1 })",
    ],
    ['a comparison', 'if (this.work == (() => 1)) {}'],
    ['an addition', 'this.work += () => 1'],
    ['text', '"class A { work = () => 1 }"'],
    ['a template', '`${`class A { work = () => 1 }`} this.run = () => 1`'],
    ['a comment', '/* class A { work = () => 1 } */ // this.run = () => 1'],
    ['a regular expression', '/this.work = () => 1/; a / this.work / b'],
  ])('are not: %s', (_, source) => expect(rewritten(source)).toBeUndefined())

  it('may have any name, but for __proto__', () => {
    const source =
      'class A { a = () => 1; "b-c" = () => 2; "__proto__" = () => 3; #d = () => 4; static e = () => 5 }'
    expect(callsIn(source, 'module', '*')).toEqual(['this a', 'this b-c'])
  })
})

describe('functions that an ES module exports', () => {
  it.each<[string, string, string[]]>([
    ['a declaration', 'export function f() {}', ['null f']],
    ['an async generator', 'export async function* f() {}', ['null f']],
    ['a constant', 'export const f = () => 1, g = function () {}', ['null f', 'null g']],
    ['a variable that is assigned later', 'export let f; f = () => 1', ['null f']],
    ['a list', 'function f() {}\nconst h = () => 1\nexport { f, h as g }', ['null f', 'null g']],
    ['a name in quotes', 'const h = () => 1\nexport { h as "g" }', ['null g']],
    ['the default', 'export default function h() {}', ['null default']],
    ['the default, an expression', 'export default (function () {})', ['null default']],
    ['the default, an arrow function', 'export default async () => 1', ['null default']],
    [
      'the default, without a name',
      'export default async function/* ( */* /* ( */(a = "(") {}',
      ['null default'],
    ],
    ['the default by name', 'const h = () => 1; export default h', ['null default']],
    ['the default in a list', 'function h() {} export { h as default }', ['null default']],
    ['what is exported twice, once', 'export const f = () => 1; export { f as g }', ['null f']],
  ])('%s', (_, source, calls) => expect(callsIn(source)).toEqual(calls))

  it.each([
    ['a class', 'export class f {}'],
    ['what is no function', 'export const f = make(() => 1)'],
    ['what is not exported', 'function f() {} const g = () => 1'],
    ['one inside another function', 'export function h() { function f() {} const g = () => 1 }'],
    ['another module', 'export { f } from "./f.mjs"; export * from "./g.mjs"'],
    ['under another name', 'function f() {} export { f as h }'],
    ['types that are blank', 'export           {     }'],
  ])('are not: %s', (_, source) => expect(rewritten(source)).toBeUndefined())

  it('include a default export that is called by the name of its function', () => {
    const request = {
      format: 'module',
      typed: false,
      location: LOCATION,
      wanted: { members: [], exports: named('report') },
    } as const
    const result = (source: string): string | undefined => rewriteSource(source, request).source
    expect(result('export default function report() {}')).toContain(
      'report=__zenTelemetry(null,"report",report)',
    )
    expect(result('export default (function report() {})')).toContain('__zenTelemetry(null,"report",')
    const both = 'export default function report() {}; const other = () => 1; export { other as report }'
    expect(result(both)).toContain('other = __zenTelemetry(null,"report",')
    expect(result(both)).not.toContain('report=__zenTelemetry')
  })

  it('are replaced behind hashbang and directives, before anything runs', () => {
    const source =
      "#!/usr/bin/env node\n'use strict'\n'use f'\n// f\nimport g from './g.mjs' with { type: 'json' }\nawait g\nexport function f() {}"
    expect(rewritten(source)?.split('\n').slice(0, 5)).toEqual([
      '#!/usr/bin/env node',
      "'use strict'",
      "'use f'",
      '// f',
      "f=__zenTelemetry(null,\"f\",f);/*node-do-not-add-exception-line*/import g from './g.mjs' with { type: 'json' }",
    ])
  })

  it('are none in CommonJS', () => {
    expect(rewritten('exports.f = function f() {}; return', 'commonjs')).toBeUndefined()
  })
})

describe('functions that an ES module exports from another one', () => {
  const request: RewriteRequest = {
    format: 'module',
    typed: false,
    location: LOCATION,
    wanted: {
      members: [],
      exports: [...named('f', 'default'), { name: 'a', key: 'g', from: '/app/index.mjs' }],
    },
  }

  const again = (source: string): ExportedAgain[] =>
    exportedAgain(
      parse(source, { ecmaVersion: 'latest', sourceType: 'module' }),
      LOCATION,
      request.wanted.exports,
    )

  it.each<[string, string, string[]]>([
    ['by name', 'export { f } from "./x.mjs"', ['./x.mjs f as f']],
    ['under another name', 'export { b as f, c as d } from "./x.mjs"', ['./x.mjs b as f']],
    ['a default export', 'export { default as f } from "./x.mjs"', ['./x.mjs default as f']],
    ['as the default export', 'export { f as default } from "./x.mjs"', ['./x.mjs f as default']],
    [
      'imported before',
      'import b, { c as d } from "./x.mjs"; export { b as f }; export default d',
      ['./x.mjs default as f', './x.mjs c as default'],
    ],
    [
      'all but what it has itself, and the default',
      'export * from "./x.mjs"; export const f = 1',
      ['./x.mjs a as g'],
    ],
    ['what another module exports from it', 'export { h as a } from "./x.mjs"', ['./x.mjs h as g']],
  ])('are followed: %s', (_, source, expected) => {
    const found = again(source)
    expect(found.map(({ specifier, name, key }) => `${specifier} ${name} as ${key}`)).toEqual(expected)
    for (const { key, from } of found) expect(from).toBe(key === 'g' ? '/app/index.mjs' : LOCATION)
  })

  it.each([
    'export * as f from "./x.mjs"',
    'import { f } from "./x.mjs"',
    'import * as f from "./x.mjs"; export { f }',
  ])('are none: %s', (source) => expect(again(source)).toEqual([]))

  it('make a target of the file they come from, by path and by URL', () => {
    const [found] = again('export { b as f } from "../x/y.mjs?z"')
    const target = targetAt(found!, LOCATION)
    const places = ['file:///x/y.mjs', 'file:///x/y.mjs?z', '/x/y.mjs', '/app/x/y.mjs', 'file:///x/y.mjs/z']
    expect(places.map((place) => target?.matches(place))).toEqual([true, true, true, false, false])
    expect(target?.exportedAgain).toEqual([{ name: 'b', key: 'f', from: LOCATION }])
    expect(targetAt({ ...found!, specifier: 'node:path' }, LOCATION)).toBeUndefined()
  })

  it('are handed over with the module that exports them', () => {
    const { source } = rewriteSource('export const a = () => 1', request)
    expect(source).toContain('__zenTelemetry("/app/index.mjs","g",')
  })
})

describe('a source', () => {
  it('that is CommonJS may return, await nothing and use new.target', () => {
    expect(callsIn('if (new.target) return; var await = 1; this.work = () => 1', 'commonjs')).toEqual([
      'this work',
    ])
  })

  it('whose format is unknown is tried as both', () => {
    const request = { format: undefined, typed: false, location: LOCATION, wanted: WANTED }
    for (const start of ['with (a)', 'await a;']) {
      expect(rewriteSource(`${start} this.work = () => 1`, request).source).toContain(
        '__zenTelemetry(this,"work",',
      )
    }
  })

  it.each([
    ['cannot be parsed', 'class A { work = () => }'],
    ['has decorators', '@a class A { work = () => 1 }'],
  ])('that %s is refused', (_, source) => expect(() => rewritten(source)).toThrow(SyntaxError))
})

describe('what is run', () => {
  const slot = globalThis as unknown as Record<symbol, unknown>
  const key = Symbol.for('@zen/telemetry')

  function run(source: string, agent: unknown): unknown {
    slot[key] = agent
    try {
      // oxlint-disable-next-line no-implied-eval, typescript/no-implied-eval, no-new-func
      return new Function(rewritten(source, 'commonjs') ?? '')()
    } finally {
      delete slot[key]
    }
  }

  const SOURCE = `
class A {
  work = (a) => a; constructor() { this.run = function (a, b) { return new.target } }
}
return new A()`

  it('hands each function over with its holder, and puts what comes back in its place', () => {
    const handed: unknown[][] = []
    const made = run(SOURCE, { traced: (...all: unknown[]) => handed.push(all) }) as Record<string, unknown>
    expect(made).toEqual({ work: 1, run: 2 })
    expect(handed.map(([location, holder, name]) => [location, holder === made, name])).toEqual([
      [LOCATION, true, 'work'],
      [LOCATION, true, 'run'],
    ])
    expect(handed.map(([, , , original]) => (original as () => void).name)).toEqual(['work', ''])
    expect(handed[0]![4]).toBe(handed[1]![4])
  })

  it.each([
    ['there is no agent', undefined],
    ['it is an older one', {}],
    ['it gives nothing back', { traced: () => undefined }],
  ])('keeps the functions where %s', (_, agent) => {
    const made = run(SOURCE, agent) as { work: (a: number) => number }
    expect([made.work(3), made.work.name]).toEqual([3, 'work'])
  })
})
