'use strict'

const end = performance.now()
// Preloads run again in Node's loader thread.
if (require('node:worker_threads').isMainThread)
  require('node:fs').writeSync(3, `${end - globalThis.benchMark} ${performance.now()} `)
