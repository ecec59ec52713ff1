import { describe, expect, it } from 'vitest'
import { awaitEsModules, type Channels } from '../../src/hooks/await-es-modules.ts'

const PROGRAM = 'file:///app/main.js'
const IMPORT = { parentURL: PROGRAM, url: 'zen' }

type Compile = (content: string, filename: string, format?: string, ...more: unknown[]) => unknown

/** A channel as Node has it, and a prototype that keeps what it is asked to compile. */
function stage() {
  const listeners = new Set<(message: { parentURL?: string; url: unknown }) => void>()
  const channels: Channels = {
    subscribe: (_, listener) => void listeners.add(listener),
    unsubscribe: (_, listener) => listeners.delete(listener),
  }
  const compiled: unknown[][] = []
  const original: Compile = (...args) => compiled.push(args)
  const prototype = { _compile: original }
  const told: string[] = []
  let onLoaded: (url: string, format: unknown) => void = () => {}
  const undo = awaitEsModules(prototype, channels, (tell) => {
    told.push('hooked')
    onLoaded = tell
    return () => told.push('unhooked')
  })
  return {
    prototype,
    compiled,
    told,
    undo,
    announce: (message: { parentURL?: string; url: unknown }) => {
      for (const listener of listeners) listener(message)
    },
    loaded: (url: string, format: unknown) => onLoaded(url, format),
    stoodBack: () => listeners.size === 0 && prototype._compile === original,
  }
}

describe('the wait for ES modules', () => {
  it.each<[string, string, string | undefined]>([
    ['CommonJS', `const zen = require('zen')`, 'commonjs'],
    ['what can only be CommonJS', `import zen from 'zen'`, 'commonjs-typescript'],
    ['what imports nothing', `exports.a = () => import('zen')`, undefined],
  ])('goes on while %s is compiled', (_, content, format) => {
    const { prototype, compiled, told } = stage()
    prototype._compile(content, '/app/a.js', format, 'more')
    expect(compiled).toEqual([[content, '/app/a.js', format, 'more']])
    expect(told).toEqual([])
  })

  it.each<[string, string, string | undefined]>([
    ['an ES module', 'export const a = 1', 'module'],
    ['an ES module in TypeScript', 'export const a = 1', 'module-typescript'],
    ['what imports and may be one', `import zen from 'zen'`, undefined],
    ['TypeScript that may be one', `import zen from 'zen'`, 'typescript'],
  ])('ends before %s is compiled', (_, content, format) => {
    const { prototype, compiled, told, stoodBack } = stage()
    prototype._compile(content, '/app/a.js', format)
    expect(told).toEqual(['hooked'])
    expect(compiled).toEqual([[content, '/app/a.js', format]])
    expect(stoodBack()).toBe(true)
  })

  it('ends with the first import()', () => {
    const { announce, told, stoodBack } = stage()
    announce(IMPORT)
    announce(IMPORT)
    expect(told).toEqual(['hooked'])
    expect(stoodBack()).toBe(true)
  })

  it.each(['module', 'module-typescript', 'commonjs-typescript', 'wasm', undefined])(
    'ends with a program whose format is %s',
    (format) => {
      const { announce, loaded, told, stoodBack } = stage()
      announce({ url: new URL(PROGRAM) })
      loaded(PROGRAM, format)
      expect(told).toEqual(['hooked'])
      expect(stoodBack()).toBe(true)
    },
  )

  it('goes on where the program turns out to be CommonJS, until an ES module comes', () => {
    const { announce, loaded, told, stoodBack } = stage()
    announce({ url: PROGRAM })
    loaded('file:///app/preload.js', 'commonjs')
    expect(told).toEqual(['hooked'])
    loaded(PROGRAM, 'commonjs')
    expect(told).toEqual(['hooked', 'unhooked'])
    expect(stoodBack()).toBe(false)
    announce(IMPORT)
    expect(told).toEqual(['hooked', 'unhooked', 'hooked'])
    expect(stoodBack()).toBe(true)
  })

  it('is not ended by what is compiled in order to hook', () => {
    let times = 0
    const compiled: unknown[][] = []
    const prototype: { _compile: Compile } = { _compile: (...args) => compiled.push(args) }
    let announce: (message: { url: unknown }) => void = () => {}
    const channels: Channels = { subscribe: (_, listener) => (announce = listener), unsubscribe: () => true }
    awaitEsModules(prototype, channels, () => {
      times++
      prototype._compile(`import zen from 'zen'`, '/app/hook.cjs')
      return () => {}
    })
    announce({ url: PROGRAM })
    expect(times).toBe(1)
    expect(compiled).toHaveLength(1)
  })

  it('ends where something else is imported while the program is looked for', () => {
    const { announce, loaded, told } = stage()
    announce({ url: PROGRAM })
    announce(IMPORT)
    loaded(PROGRAM, 'commonjs')
    expect(told).toEqual(['hooked'])
  })

  it('is undone, with the hooks if they are there, but leaves a patch alone that was put on top of it', () => {
    const waiting = stage()
    waiting.undo()
    expect(waiting.stoodBack()).toBe(true)
    const hooked = stage()
    hooked.announce(IMPORT)
    hooked.undo()
    expect(hooked.told).toEqual(['hooked', 'unhooked'])
    const covered = stage()
    const ours = covered.prototype._compile
    const theirs: Compile = (...args) => ours(...args)
    covered.prototype._compile = theirs
    covered.undo()
    covered.prototype._compile('export const a = 1', '/app/a.mjs', 'module')
    expect(covered.prototype._compile).toBe(theirs)
    expect(covered.told).toEqual([])
    expect(covered.compiled).toHaveLength(1)
  })
})
