import { expect, it } from 'vitest'
import { watchLoad } from '../../../src/export/load-of-process.ts'
import { loadRateBound, storeRateBound } from '../../../src/transport/rate-bound.ts'
import { controlOf, Word } from '../../../src/transport/control-block.ts'
import { allocateSpanQueue } from '../../../src/transport/queue-memory.ts'

it('takes back what an export thread has left behind that died while it held the process down', () => {
  const control = controlOf(allocateSpanQueue(1))
  storeRateBound(control, 'loadBound', 0)
  Atomics.store(control, Word.queueBound, 1024)
  watchLoad({
    control,
    base: {
      rateBound: undefined,
      batchSize: 512,
      intervalMs: 5000,
      timeoutMs: 30_000,
      queueSize: 2048,
      compress: false,
    },
    pace: { lookMs: 1000, momentMs: 1000, whileMs: 1000 },
    core: 1,
    log: { info: () => {} },
  })
  expect([loadRateBound(control), Atomics.load(control, Word.queueBound)]).toEqual([1, 0])
})
