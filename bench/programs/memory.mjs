// Megabytes of the process once it has called a method of a target, unsampled, and come to rest.
import { writeSync } from 'node:fs'
import { ZenOrchestrator } from 'zen'

const REST_MS = 100

new ZenOrchestrator().run(1)
setTimeout(() => {
  globalThis.gc?.()
  writeSync(3, JSON.stringify({ memory: process.memoryUsage.rss() / 1e6 }))
}, REST_MS)
