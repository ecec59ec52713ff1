'use strict'

// Nanoseconds of one sampled call, in bursts that the queue can hold, with pauses in which they leave. As a control, of what
// Node takes for the least that such a call needs, and nothing of an agent: when it began and ended, whether it is switched
// off, a context, and as many bytes in memory that another thread reads.
const { AsyncLocalStorage } = require('node:async_hooks')
const { writeSync } = require('node:fs')
const { setTimeout: pause } = require('node:timers/promises')
const { ZenOrchestrator } = require('zen')

const BURSTS = Number(process.argv[2])
const LEAST = process.argv[3] === 'least'
const CALLS = 250
const PAUSE_MS = 15
const FIRST_MS = 1500

const orchestrator = new ZenOrchestrator()
const storage = new AsyncLocalStorage()
const blocks = Buffer.from(new SharedArrayBuffer(512 * CALLS))
const times = new Float64Array(blocks.buffer)
const text = Buffer.alloc(160, 'x')
const run = (value) => orchestrator.run(value)

function milliseconds() {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}

function least(value) {
  const start = milliseconds()
  const epoch = Date.now() - start
  if (process.env.ZEN_TELEMETRY_DISABLED !== undefined) return run(value)
  const result = storage.run({ start, epoch }, run, value)
  const block = (value % CALLS) * 512
  times[block / 8] = epoch + start
  times[block / 8 + 1] = epoch + milliseconds()
  blocks.set(text, block + 16)
  return result
}

function chooseCall() {
  if (LEAST) return least
  return globalThis.benchSpan ? (value) => globalThis.benchSpan(() => run(value)) : run
}
const call = chooseCall()

function burst() {
  let count = 0
  const start = process.hrtime.bigint()
  for (let done = 0; done < CALLS; done++) count = call(count)
  return Number(process.hrtime.bigint() - start) / count
}

async function main() {
  // The first spans start whatever exports them.
  burst()
  await pause(FIRST_MS)
  const perCall = []
  for (let done = 0; done < BURSTS; done++) {
    perCall.push(burst())
    await pause(PAUSE_MS)
  }
  // The first half is the compiler's.
  const late = perCall.slice(BURSTS / 2).sort((a, b) => a - b)
  writeSync(3, JSON.stringify({ call: late[Math.floor(late.length / 2)] }))
}

void main()
