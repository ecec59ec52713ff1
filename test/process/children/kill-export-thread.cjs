'use strict'

/**
 * Ends the export thread of this process as often as one variable says, each time when as many spans as another says are
 * in its journal: a thread cannot be killed from outside.
 */

const { readdirSync, readFileSync } = require('node:fs')
const { join } = require('node:path')
const workerThreads = require('node:worker_threads')

const journal = join(process.env.ZEN_TELEMETRY_DIR, 'journal')
const spans = Number(process.env.KILL_AFTER_SPANS)
const times = Number(process.env.KILL_EXPORT_THREAD)
let threads = 0
const { Worker } = workerThreads

/** Whether the journal of the export thread of that number is complete. */
function isOnDisk(number) {
  try {
    const file = readdirSync(journal).find((name) => name.endsWith(`-${number}.v1.jsonl`))
    return readFileSync(join(journal, file), 'utf8').split('"spanId"').length > spans
  } catch {
    return false
  }
}

workerThreads.Worker = class extends Worker {
  constructor(file, options) {
    super(file, options)
    if (options?.name !== 'zen-telemetry') return
    const number = threads++
    if (number >= times) return
    const check = setInterval(() => {
      if (!isOnDisk(number)) return
      clearInterval(check)
      void this.terminate()
    }, 20)
  }
}
