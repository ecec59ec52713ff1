'use strict'

// Milliseconds of calls that wait for a timer of one millisecond, one after the other. As a control, beside a thread that
// does nothing of the agent: none, or one that wakes up as the export thread does, for nothing or for as much work.
const { AsyncLocalStorage } = require('node:async_hooks')
const { writeSync } = require('node:fs')
const { join } = require('node:path')
const { setTimeout: pause } = require('node:timers/promises')
const { Worker } = require('node:worker_threads')
const { ZenOrchestrator } = require('zen')

const SECONDS = Number(process.argv[2])
/** How many lines of JSON a thread reads and writes each time it wakes up; none given: no thread. */
const LINES = process.argv[3]
const FIRST_MS = 600

const orchestrator = new ZenOrchestrator()
const work = () => pause(1)
const traced = globalThis.benchTraced
  ? () => globalThis.benchTraced(() => orchestrator.process_command(work))
  : () => orchestrator.process_command(work)
const storage = new AsyncLocalStorage()
const call = LINES === undefined ? traced : () => storage.run(orchestrator, traced)

function startThread() {
  const options = { execArgv: [], workerData: Number(LINES), resourceLimits: { maxYoungGenerationSizeMb: 5 } }
  new Worker(join(__dirname, 'wakes-up.cjs'), options).unref()
}

async function main() {
  if (LINES !== undefined) startThread()
  // The first span starts whatever exports them.
  await call()
  await pause(FIRST_MS)
  const times = []
  const end = performance.now() + SECONDS * 1000
  while (performance.now() < end) {
    const start = performance.now()
    await call()
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  const at = (share) => times[Math.floor((times.length - 1) * share)]
  writeSync(3, JSON.stringify({ p50: at(0.5), p99: at(0.99) }))
}

void main()
