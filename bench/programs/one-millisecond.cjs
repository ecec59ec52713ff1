'use strict'

// Milliseconds of calls that wait for a timer of one millisecond, one after the other.
const { writeSync } = require('node:fs')
const { setTimeout: pause } = require('node:timers/promises')
const { ZenOrchestrator } = require('zen')

const SECONDS = Number(process.argv[2])
const FIRST_MS = 600

const orchestrator = new ZenOrchestrator()
const work = () => pause(1)
const call = globalThis.benchTraced
  ? () => globalThis.benchTraced(() => orchestrator.process_command(work))
  : () => orchestrator.process_command(work)

async function main() {
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
