import { describe, expect, it } from 'vitest'
import { parseMethods } from '../../src/targets/parse-methods.ts'

describe('the notation of ZEN_TELEMETRY_METHODS', () => {
  it('names methods of a class, all methods, and functions, in several modules', () => {
    expect(
      parseMethods('my-pkg#Worker[execute, close];./lib/jobs.js#Job[*]; @scope/other/sub#[topLevel] ;'),
    ).toEqual({
      entries: [
        { module: 'my-pkg', className: 'Worker', methods: [{ name: 'execute' }, { name: 'close' }] },
        { module: './lib/jobs.js', className: 'Job', methods: '*' },
        { module: '@scope/other/sub', className: undefined, methods: [{ name: 'topLevel' }] },
      ],
      problems: [],
    })
  })

  it('takes file URLs and names in any script', () => {
    const { entries, problems } = parseMethods('file:///opt/app/büro.mjs#Büro[öffnen,$close,_x]')
    expect(problems).toEqual([])
    expect(entries[0]).toMatchObject({ module: 'file:///opt/app/büro.mjs', className: 'Büro' })
  })

  it.each([
    ['my-pkg', '"my-pkg" at position 1: a module and "#"'],
    ['a#B[c];my-pkg#Worker', '"my-pkg#Worker" at position 8: the methods are missing'],
    ['a#B[c];  x#Y[]', '"x#Y[]" at position 10: there is no method'],
    ['x#[*]', '"*" needs a class'],
    ['x#My Class[run]', '"My Class" is not the name of a class'],
    ['x#Y[run now]', '"run now" is not the name of a method'],
    ['#Y[run]', 'a module and "#" are missing'],
  ])('reports %j with its position', (text, says) => {
    const { problems } = parseMethods(text)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(says)
  })

  it('uses the entries that can be read', () => {
    expect(parseMethods('bad;a#B[c]').entries).toHaveLength(1)
  })
})
