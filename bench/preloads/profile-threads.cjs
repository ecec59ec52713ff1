'use strict'

// Node's own flag profiles the main thread; threads that choose their flags themselves are given it here. Nothing is
// loaded before it is asked for, as that would be missing in the profile of who asks.
const { getBuiltinModule } = process

process.getBuiltinModule = function (id) {
  const found = getBuiltinModule.call(this, id)
  if (id === 'node:worker_threads') profileWorkers(found)
  return found
}

let profiling = false

function profileWorkers(workerThreads) {
  if (profiling) return
  profiling = true
  const { Worker } = workerThreads
  workerThreads.Worker = class extends Worker {
    constructor(file, options) {
      super(file, { ...options, execArgv: [...(options?.execArgv ?? []), ...profilerFlags()] })
    }
  }
}

function profilerFlags() {
  return process.execArgv.filter((flag) => /^--(?:cpu|heap)-prof/.test(flag))
}
