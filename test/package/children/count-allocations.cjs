'use strict'

// Bytes that one unsampled call makes and keeps, beside a bare `AsyncLocalStorage.run`. Without the optimizing compilers,
// which leave out what they can, the numbers are those of the code as it stands.
const { AsyncLocalStorage } = require('node:async_hooks')
const { ZenOrchestrator } = require('zen')

const CALLS = 5000
const WARM_UP = 500

const orchestrator = new ZenOrchestrator()
const storage = new AsyncLocalStorage()
const store = Symbol('store')

class Untraced {
  run(count) {
    return count + 1
  }
}

const other = new Untraced()
const untraced = (count) => other.run(count)
const CASES = {
  traced: (count) => orchestrator.run(count),
  bare: (count) => storage.run(store, untraced, count),
}

function bytes(call) {
  let count = 0
  for (let warm = 0; warm < WARM_UP; warm++) count = call(count)
  globalThis.gc()
  const before = process.memoryUsage().heapUsed
  for (let done = 0; done < CALLS; done++) count = call(count)
  const made = process.memoryUsage().heapUsed - before
  globalThis.gc()
  return { made: made / CALLS, kept: (process.memoryUsage().heapUsed - before) / CALLS }
}

process.stdout.write(JSON.stringify(bytes(CASES[process.argv[2]])))
