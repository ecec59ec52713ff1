'use strict'

// Microseconds for which the application thread works for one call, with so many calls open at the same time.
const { readFileSync, writeSync } = require('node:fs')
const { setImmediate: turn } = require('node:timers/promises')
const { ZenOrchestrator } = require('zen')

const AT_THE_SAME_TIME = Number(process.argv[2])
const CALLS = Number(process.argv[3])
const WARM_UP = 2000

const orchestrator = new ZenOrchestrator()
const work = async () => {
  await turn()
  return 1
}
const call = globalThis.benchTraced
  ? () => globalThis.benchTraced(() => orchestrator.process_command(work))
  : () => orchestrator.process_command(work)

/** Nanoseconds for which the main thread, whose id is that of the process, has run. */
function threadTime() {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[0])
}

async function manyCalls(calls) {
  let left = calls
  const chain = async () => {
    while (left-- > 0) await call()
  }
  await Promise.all(Array.from({ length: AT_THE_SAME_TIME }, chain))
}

async function main() {
  await manyCalls(WARM_UP)
  const start = threadTime()
  await manyCalls(CALLS)
  writeSync(3, JSON.stringify({ call: (threadTime() - start) / 1000 / CALLS }))
}

void main()
