'use strict'

// Nanoseconds of one call at so many calls a second: the median of the ticks, each of which makes what is due.
const { writeSync } = require('node:fs')
const { setTimeout: pause } = require('node:timers/promises')
const { ZenOrchestrator } = require('zen')

const RATE = Number(process.argv[2])
const SECONDS = Number(process.argv[3])

const orchestrator = new ZenOrchestrator()
const call = globalThis.benchSpan
  ? (value) => globalThis.benchSpan(() => orchestrator.run(value))
  : (value) => orchestrator.run(value)

async function main() {
  const perCall = []
  const start = performance.now()
  for (let made = 0; ;) {
    const elapsed = performance.now() - start
    if (elapsed >= SECONDS * 1000) break
    const due = Math.floor((elapsed / 1000) * RATE) + 1 - made
    if (due > 0) {
      const begun = process.hrtime.bigint()
      for (let one = 0; one < due; one++) call(one)
      perCall.push(Number(process.hrtime.bigint() - begun) / due)
      made += due
    }
    await pause(Math.max(1, (made / RATE) * 1000 - (performance.now() - start)))
  }
  perCall.sort((a, b) => a - b)
  writeSync(3, JSON.stringify({ call: perCall[Math.floor(perCall.length / 2)] }))
}

void main()
