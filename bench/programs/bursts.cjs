'use strict'

// Nanoseconds of one sampled call, in bursts that the queue can hold, with pauses in which they leave.
const { writeSync } = require('node:fs')
const { setTimeout: pause } = require('node:timers/promises')
const { ZenOrchestrator } = require('zen')

const BURSTS = Number(process.argv[2])
const CALLS = 250
const PAUSE_MS = 15
const FIRST_MS = 1500

const orchestrator = new ZenOrchestrator()
const call = globalThis.benchSpan
  ? (value) => globalThis.benchSpan(() => orchestrator.run(value))
  : (value) => orchestrator.run(value)

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
