'use strict'

// Preloaded by the soak: writes a heap snapshot once in a while, and prints where it is.

const { isMainThread } = require('node:worker_threads')
const { writeHeapSnapshot } = require('node:v8')

const EVERY_MS = 90_000

if (isMainThread)
  setInterval(() => console.log(JSON.stringify({ snapshot: writeHeapSnapshot() })), EVERY_MS).unref()
