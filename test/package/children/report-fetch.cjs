'use strict'

// Preloaded in every thread: says which part of Node's fetch a thread of the agent names, which loads all of it.
const workerThreads = require('node:worker_threads')
const { writeSync } = require('node:fs')

const PARTS = [
  'fetch',
  'FormData',
  'Headers',
  'Request',
  'Response',
  'MessageEvent',
  'WebSocket',
  'EventSource',
]

if (workerThreads.isMainThread) watchWorkers()
else for (const part of PARTS) report(part)

function watchWorkers() {
  const { Worker } = workerThreads
  workerThreads.Worker = class extends Worker {
    constructor(file, options) {
      super(file, { ...options, execArgv: ['--require', __filename] })
    }
  }
}

function report(part) {
  const { get, value } = Object.getOwnPropertyDescriptor(globalThis, part) ?? {}
  Object.defineProperty(globalThis, part, {
    get() {
      writeSync(1, `${part} is named\n`)
      return get ? get.call(globalThis) : value
    },
    configurable: true,
  })
}
