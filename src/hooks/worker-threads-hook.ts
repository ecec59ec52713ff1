import Module from 'node:module'
import { isWorkerThreads } from './is-worker-threads.ts'

/**
 * Watches for the first `require('worker_threads')`, for Node versions without synchronous hooks; then it stands back.
 *
 * @param onRequired called once, before the application has the module
 * @returns how to undo it
 */
export function hookWorkerThreads(onRequired: () => void): () => void {
  const prototype = Module.prototype as { require: (id: string) => unknown }
  const original = prototype.require
  let waiting = true
  function require(this: unknown, id: string): unknown {
    if (waiting && isWorkerThreads(id)) {
      undo()
      onRequired()
    }
    return original.call(this as NodeJS.Module, id)
  }
  function undo(): void {
    waiting = false
    if (prototype.require === require) prototype.require = original
  }
  prototype.require = require
  return undo
}
