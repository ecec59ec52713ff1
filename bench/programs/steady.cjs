'use strict'

// 200 calls a second, of a millisecond each: what the process and its application thread take for it, and how long a
// call takes, in windows of equal length.
const { readFileSync, writeSync } = require('node:fs')
const { setTimeout: pause } = require('node:timers/promises')
const { ZenOrchestrator } = require('zen')

const WINDOWS = Number(process.argv[2])
const WINDOW_MS = Number(process.argv[3]) * 1000
const CALLS_A_SECOND = 200

const orchestrator = new ZenOrchestrator()
const work = () => pause(1)
const call = globalThis.benchTraced
  ? () => globalThis.benchTraced(() => orchestrator.process_command(work))
  : () => orchestrator.process_command(work)

/** Nanoseconds for which the main thread, whose id is that of the process, has run. */
function threadTime() {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[0])
}

async function oneWindow(start) {
  const times = []
  const thread = threadTime()
  const cpu = process.cpuUsage()
  const calls = []
  const one = async () => {
    const called = performance.now()
    await call()
    times.push(performance.now() - called)
  }
  for (let begun = 0; ; begun++) {
    const due = start + (begun * 1000) / CALLS_A_SECOND
    if (due >= start + WINDOW_MS) break
    const wait = due - performance.now()
    if (wait > 0) await pause(wait)
    calls.push(one())
  }
  await Promise.all(calls)
  const { user, system } = process.cpuUsage(cpu)
  times.sort((a, b) => a - b)
  const at = (share) => times[Math.floor((times.length - 1) * share)]
  return {
    process: (user + system) / 1000,
    thread: (threadTime() - thread) / 1e6,
    p50: at(0.5),
    p99: at(0.99),
  }
}

async function main() {
  const start = performance.now()
  const numbers = {}
  for (let window = 0; window < WINDOWS; window++) {
    for (const [name, value] of Object.entries(await oneWindow(start + window * WINDOW_MS)))
      numbers[`${name}-${window}`] = value
  }
  writeSync(3, JSON.stringify(numbers))
}

void main()
