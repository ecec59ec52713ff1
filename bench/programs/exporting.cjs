'use strict'

// 512 calls a second for some seconds: what that does to the event loop, to the memory of the process, and to the time
// that its application thread works.
const { readFileSync, writeSync } = require('node:fs')
const { monitorEventLoopDelay } = require('node:perf_hooks')
const { setTimeout: pause } = require('node:timers/promises')
const { ZenOrchestrator } = require('zen')

const SECONDS = Number(process.argv[2])
/** `one`: only the first call is traced. */
const TRACED = process.argv[3] ?? 'all'
const CALLS_A_TICK = 8
const TICK_MS = 1000 / (512 / CALLS_A_TICK)
const FIRST_MS = 1500
const WINDOW_MS = 500
/** Of a window, so many of its longest delays are kept. */
const LONGEST = 20
const MB = 1e6

const orchestrator = new ZenOrchestrator()
const work = async () => 1
const first = globalThis.benchTraced
  ? () => globalThis.benchTraced(() => orchestrator.process_command(work))
  : () => orchestrator.process_command(work)
const call = TRACED === 'one' ? () => orchestrator.untraced(work) : first

/** Nanoseconds for which the main thread, whose id is that of the process, has run. */
function threadTime() {
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[0])
}

function memory() {
  return process.memoryUsage.rss() / MB
}

/** How many delays a window saw, and the longest of them in milliseconds. */
function windowOf(delay, index) {
  const { count } = delay
  const longest = Array.from({ length: Math.min(LONGEST, count) }, (_, rank) => [
    `long-${index}-${rank}`,
    delay.percentile(100 * (1 - rank / count)) / 1e6,
  ])
  delay.reset()
  return Object.fromEntries([[`count-${index}`, count], ...longest])
}

async function main() {
  // The first spans start whatever exports them.
  await first()
  await pause(FIRST_MS)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const inWindow = monitorEventLoopDelay({ resolution: 1 })
  const calls = SECONDS * 512
  const start = { time: performance.now(), thread: threadTime(), cpu: process.cpuUsage() }
  delay.enable()
  inWindow.enable()
  const windows = []
  for (let done = 0; done < calls;) {
    for (let one = 0; one < CALLS_A_TICK; one++, done++) await call()
    const wait = start.time + (done / CALLS_A_TICK) * TICK_MS - performance.now()
    if (wait > 0) await pause(wait)
    if (performance.now() - start.time >= (windows.length + 1) * WINDOW_MS)
      windows.push(windowOf(inWindow, windows.length))
  }
  delay.disable()
  const cpu = process.cpuUsage(start.cpu)
  writeSync(
    3,
    JSON.stringify({
      delay: delay.percentile(99.9) / 1e6,
      ...Object.assign({}, ...windows),
      thread: (threadTime() - start.thread) / 1000 / calls,
      process: (cpu.user + cpu.system) / calls,
      memory: memory(),
    }),
  )
}

void main()
