// Nanoseconds of one call, by mitata: of a traced method, or of what it is compared with.
import { AsyncLocalStorage } from 'node:async_hooks'
import { writeSync } from 'node:fs'
import { createRequire } from 'node:module'

const { measure } = await import(process.env.BENCH_MITATA)
const CPU_TIME_NS = 150e6
const WARM_UP = 20_000

const { ZenOrchestrator } = createRequire(import.meta.url)('zen')
const orchestrator = new ZenOrchestrator()
const storage = new AsyncLocalStorage()
const store = Symbol('store')

let count = 0
const synchronous = (value) => orchestrator.run(value)
const asynchronous = (value) => orchestrator.processCommand(value)

const OPENTELEMETRY = Symbol.for('opentelemetry.js.api.1')
const looksAround = () => storage.getStore() !== store && globalThis[OPENTELEMETRY]?.context === undefined

const CALLS = {
  traced: {
    sync: () => (count = synchronous(count)),
    async: () => asynchronous(count),
  },
  storage: {
    sync: () => (count = storage.run(store, synchronous, count)),
    async: () => storage.run(store, asynchronous, count),
  },
  // What an agent has to do at least: whose call it is, and whether the application has an OpenTelemetry of its own.
  looking: {
    sync: () => (count = looksAround() ? storage.run(store, synchronous, count) : synchronous(count)),
    async: () => (looksAround() ? storage.run(store, asynchronous, count) : asynchronous(count)),
  },
  opentelemetry: {
    sync: () => (count = globalThis.benchSpan(() => synchronous(count))),
    async: () => globalThis.benchTraced(() => asynchronous(count)),
  },
}

async function nanoseconds(call) {
  for (let warm = 0; warm < WARM_UP; warm++) await call()
  const { p50 } = await measure(call, { gc: false, min_cpu_time: CPU_TIME_NS })
  return p50
}

const { sync, async } = CALLS[process.argv[2]]
writeSync(3, JSON.stringify({ sync: await nanoseconds(sync), async: await nanoseconds(async) }))
