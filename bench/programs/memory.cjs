'use strict'

// Megabytes of the process once it has called a method of a target, unsampled, and come to rest.
const { writeSync } = require('node:fs')
const { ZenOrchestrator } = require('zen')

const REST_MS = 100

new ZenOrchestrator().run(1)
setTimeout(() => {
  globalThis.gc?.()
  writeSync(3, JSON.stringify({ memory: process.memoryUsage.rss() / 1e6 }))
}, REST_MS)
