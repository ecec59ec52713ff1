import { createRequire } from 'node:module'
import { afterEach, describe, expect, it } from 'vitest'
import { hookWorkerThreads, type RequiringModule } from '../../src/hooks/worker-threads-hook.ts'
import { tempFolder } from '../support/temp-folder.ts'

const folder = tempFolder({
  'threads.cjs': `module.exports = require('worker_threads')`,
  'prefixed.cjs': `module.exports = require('node:worker_threads')`,
  'files.cjs': `module.exports = require('fs')`,
})
const require = createRequire(`${folder}/main.cjs`)
const Module = require('node:module') as { prototype: RequiringModule }
const before = Module.prototype.require

let undo = (): void => {}
afterEach(() => undo())

describe('the hook for worker threads', () => {
  it.each(['./threads.cjs', './prefixed.cjs'])(
    'tells that %s requires them, once, and stands back',
    (file) => {
      let told = 0
      undo = hookWorkerThreads(Module.prototype, () => told++)
      expect(require('./files.cjs')).toBe(require('node:fs'))
      expect(told).toBe(0)
      const path = require.resolve(file)
      delete require.cache[path]
      expect(require(file)).toBe(require('node:worker_threads'))
      delete require.cache[path]
      require(file)
      expect(told).toBe(1)
      expect(Module.prototype.require).toBe(before)
    },
  )

  it('leaves a patch alone that was put on top of it', () => {
    let told = 0
    undo = hookWorkerThreads(Module.prototype, () => told++)
    const ours = Module.prototype.require
    Module.prototype.require = function (this: RequiringModule, id: string): unknown {
      return ours.call(this, id)
    }
    const theirs = Module.prototype.require
    undo()
    expect(Module.prototype.require).toBe(theirs)
    delete require.cache[require.resolve('./threads.cjs')]
    require('./threads.cjs')
    expect(told).toBe(0)
    Module.prototype.require = before
  })
})
