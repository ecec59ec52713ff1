/** An application in trouble, until a line comes in on stdin. Arguments: the trouble, and the program of the export thread. */
import { Worker } from 'node:worker_threads'
import { controlOf } from '../../../src/transport/control-block.ts'
import { allocateSpanQueue } from '../../../src/transport/queue-memory.ts'
import { createVitalSigns } from '../../../src/transport/vital-signs.ts'

const [trouble, thread = ''] = process.argv.slice(2)
const queue = allocateSpanQueue(1)
const signs = createVitalSigns(controlOf(queue))
const flag = new Int32Array(new SharedArrayBuffer(4))
const hoard: unknown[] = []

function spin(): void {
  const until = performance.now() + 10
  while (performance.now() < until);
}

const troubles: Readonly<Record<string, () => void>> = {
  cpu: spin,
  loop: () => Atomics.wait(flag, 0, 0, 150),
  heap: () => {
    // To 85 MB of 100.
    if (hoard.length < 85) hoard.push(Array.from({ length: 131_072 }, () => 0.5))
  },
}

new Worker(thread, { workerData: { queue }, execArgv: [] }).unref()
const timer = setInterval(() => {
  signs.spanMade()
  if (Atomics.load(flag, 0) === 0) troubles[trouble ?? '']?.()
}, 20)

process.stdin.once('data', () => {
  Atomics.store(flag, 0, 1)
  hoard.length = 0
  setInterval(() => globalThis.gc?.(), 200)
  process.stdin.once('data', () => {
    clearInterval(timer)
    process.exit(0)
  })
})
