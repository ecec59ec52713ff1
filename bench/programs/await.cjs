'use strict'

// Nanoseconds of one `await` in code that has nothing to do with a traced call: before any, while one is open, and when
// the last one is long over.
const { writeSync } = require('node:fs')
const { setTimeout: pause } = require('node:timers/promises')
const { ZenOrchestrator } = require('zen')

const AWAITS = 50_000
const TIMES = 8
const READY = Promise.resolve()
const LONG_MS = 1500

async function loop() {
  for (let done = 0; done < AWAITS; done++) await READY
}

async function nanoseconds() {
  let fastest = Infinity
  for (let time = 0; time < TIMES; time++) {
    const start = process.hrtime.bigint()
    await loop()
    fastest = Math.min(fastest, Number(process.hrtime.bigint() - start) / AWAITS)
  }
  return fastest
}

async function main() {
  const before = await nanoseconds()
  let finish = () => {}
  const open = new ZenOrchestrator().process_command(() => new Promise((resolve) => (finish = resolve)))
  const during = await nanoseconds()
  finish()
  await open
  await pause(LONG_MS)
  const after = await nanoseconds()
  writeSync(3, JSON.stringify({ before, during, after }))
}

void main()
