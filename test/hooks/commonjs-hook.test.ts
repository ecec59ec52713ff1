import Module, { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { hookCommonJs, type LoadableModule } from '../../src/hooks/commonjs-hook.ts'
import { tempFolder } from '../support/temp-folder.ts'

const prototype = Module.prototype as unknown as LoadableModule
const originalLoad = prototype.load
afterEach(() => {
  prototype.load = originalLoad
})

function program(files: Record<string, string>): { load: NodeJS.Require; folder: string } {
  const folder = tempFolder(files)
  return { load: createRequire(join(folder, 'app.cjs')), folder }
}

describe('the hook of require()', () => {
  it('tells of a target once, with its exports, after it has run', () => {
    const { load, folder } = program({ 'zen.cjs': 'exports.a = 1', 'other.cjs': '' })
    const loaded: unknown[] = []
    hookCommonJs(
      prototype,
      (path) => path.endsWith('zen.cjs'),
      (source) => source,
      (exports, path) => loaded.push([exports, path]),
    )
    load('./other.cjs')
    const zen = load('./zen.cjs') as unknown
    load('./zen.cjs')
    expect(loaded).toEqual([[{ a: 1 }, join(folder, 'zen.cjs')]])
    expect((loaded[0] as unknown[])[0]).toBe(zen)
  })

  it('tells nothing of a target that fails, and lets its error through', () => {
    const { load } = program({ 'zen.cjs': "throw new Error('broken')" })
    const loaded: unknown[] = []
    hookCommonJs(
      prototype,
      () => true,
      (source) => source,
      (exports) => loaded.push(exports),
    )
    expect(() => load('./zen.cjs')).toThrow('broken')
    expect(loaded).toEqual([])
  })

  it('is undone, but only where nobody stands on top of it', () => {
    const undo = hookCommonJs(
      prototype,
      () => true,
      (source) => source,
      () => {},
    )
    expect(prototype.load).not.toBe(originalLoad)
    const ours = prototype.load
    const theirs = function (this: unknown, ...args: unknown[]): unknown {
      return (ours as (...args: unknown[]) => unknown).apply(this, args)
    }
    prototype.load = theirs
    undo()
    expect(prototype.load).toBe(theirs)
    prototype.load = ours
    undo()
    expect(prototype.load).toBe(originalLoad)
  })
})
