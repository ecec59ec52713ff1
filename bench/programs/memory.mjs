// Megabytes of the process once it has called a method of a target, unsampled, and come to rest: all, and without the
// pages of files that all processes of Node share.
import { existsSync, readFileSync, writeSync } from 'node:fs'
import { ZenOrchestrator } from 'zen'

const REST_MS = 100
const ROLLUP = '/proc/self/smaps_rollup'

new ZenOrchestrator().run(1)
setTimeout(() => {
  globalThis.gc?.()
  const memory = process.memoryUsage.rss() / 1e6
  const dirty = existsSync(ROLLUP) ? /^Private_Dirty: +(\d+) kB/m.exec(readFileSync(ROLLUP, 'utf8')) : null
  writeSync(3, JSON.stringify({ memory, own: (Number(dirty?.[1] ?? NaN) * 1024) / 1e6 }))
}, REST_MS)
