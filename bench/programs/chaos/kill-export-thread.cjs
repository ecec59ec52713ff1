'use strict'

// Loaded before the agent: ends its thread when the program is sent SIGUSR2.
const workerThreads = require('node:worker_threads')

const { Worker } = workerThreads
const started = []
workerThreads.Worker = class extends Worker {
  constructor(...args) {
    super(...args)
    started.push(this)
  }
}
process.on('SIGUSR2', () => void started.pop()?.terminate())
