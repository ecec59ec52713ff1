import { isWorkerThreads } from './is-worker-threads.ts'

/** What `require()` calls. */
export interface RequiringModule {
  require(id: string): unknown
}

/**
 * Watches for the first `require('worker_threads')`; then it stands back.
 *
 * @param prototype that of Node's `Module`
 * @param onRequired called once, before the application has the module
 * @returns how to undo it
 */
export function hookWorkerThreads(prototype: RequiringModule, onRequired: () => void): () => void {
  const original = prototype.require
  let waiting = true
  function require(this: RequiringModule, id: string): unknown {
    if (waiting && isWorkerThreads(id)) {
      undo()
      onRequired()
    }
    return original.call(this, id)
  }
  function undo(): void {
    waiting = false
    if (prototype.require === require) prototype.require = original
  }
  prototype.require = require
  return undo
}
