'use strict'

// A thread that wakes up every 50 ms, and reads and writes so many lines of JSON.
const { workerData: lines } = require('node:worker_threads')

const EVERY_MS = 50
const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'zen', start: 1.5, end: 2.5 }
const line = JSON.stringify({ ...span, attributes: { operation: 'main_loop', 'sampling.rate': 1 } })
let written = 0

setInterval(() => {
  for (let done = 0; done < lines; done++) {
    written += Buffer.from(JSON.stringify(Object.entries(JSON.parse(line)))).length
  }
}, EVERY_MS)
