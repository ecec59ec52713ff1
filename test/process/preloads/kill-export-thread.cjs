'use strict'

/** Ends the export thread of this process as often as the variable says: a thread cannot be killed from outside. */

const workerThreads = require('node:worker_threads')

let left = Number(process.env.KILL_EXPORT_THREAD)
const { Worker } = workerThreads

workerThreads.Worker = class extends Worker {
  constructor(file, options) {
    super(file, options)
    if (options?.name !== 'zen-telemetry' || left-- <= 0) return
    this.on('online', () => setTimeout(() => void this.terminate(), 300))
  }
}
