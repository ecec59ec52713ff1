'use strict'

// 100 calls a second in one of many processes: microseconds for which its application thread works for one call.
const { readFileSync, writeSync } = require('node:fs')
const { setTimeout: pause } = require('node:timers/promises')
const { ZenOrchestrator } = require('zen')

/** When all processes have started, in milliseconds since 1970. */
const START = Number(process.argv[2])
const SECONDS = Number(process.argv[3])
const TICK_MS = 10

const orchestrator = new ZenOrchestrator()
const work = async () => 1

/** Nanoseconds for which the main thread, whose id is that of the process, has run. */
function threadTime() {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[0])
}

async function main() {
  // One call in ten is sampled at first; these make sure that the export thread runs when it is measured.
  for (let call = 0; call < 100; call++) await orchestrator.process_command(work)
  await pause(Math.max(0, START - Date.now()))
  const begun = threadTime()
  const calls = (SECONDS * 1000) / TICK_MS
  for (let call = 0; call < calls; call++) {
    await orchestrator.process_command(work)
    await pause(TICK_MS)
  }
  writeSync(3, JSON.stringify({ call: (threadTime() - begun) / 1000 / calls }))
}

void main()
