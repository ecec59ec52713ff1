import Module from 'node:module'

const WORKER_THREADS = new Set(['worker_threads', 'node:worker_threads'])

/** Whether a specifier is that of Node's worker threads. */
export function isWorkerThreads(specifier: string): boolean {
  return WORKER_THREADS.has(specifier)
}

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
