/** The export thread's watch over the load, impatient, which says what it does on stdout. */
import { writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { watchLoad } from '../../../src/export/load-of-process.ts'
import { loadRateBound } from '../../../src/transport/rate-bound.ts'
import { controlOf, Word } from '../../../src/transport/control-block.ts'

const control = controlOf((workerData as { queue: SharedArrayBuffer }).queue)
const load = watchLoad({
  control,
  base: {
    rateBound: undefined,
    batchSize: 512,
    intervalMs: 5000,
    timeoutMs: 30_000,
    queueSize: 2048,
    compress: false,
  },
  pace: { lookMs: 250, momentMs: 600, whileMs: 1000 },
  // On a machine that is busy with other things, a process does not get a whole core.
  core: 0.15,
  log: { info: () => setImmediate(say) },
})

function say(): void {
  const state = {
    inForce: load.inForce(),
    rate: loadRateBound(control),
    queue: Atomics.load(control, Word.queueBound),
    records: load.records(),
  }
  writeSync(1, `${JSON.stringify(state)}\n`)
}

load.spanAdded(1)
parentPort!.on('message', () => {})
