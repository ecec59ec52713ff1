import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, it } from 'vitest'
import { controlOf, waitingSpans, Word } from '../../src/transport/control-block.ts'
import { allocateSpanQueue } from '../../src/transport/queue-memory.ts'
import { openForReading } from '../../src/transport/queue-reader.ts'
import { openForWriting } from '../../src/transport/queue-writer.ts'
import { bundle } from '../support/bundle.ts'
import type { QueueWriterInput } from './queue-writer.ts'

const ROUNDS = 8
const LINES_BEFORE_ITS_END = 50

let program = ''
beforeAll(async () => {
  program = await bundle(new URL('queue-writer.ts', import.meta.url))
})

describe('worker.terminate() of a thread that writes', () => {
  it('loses nothing that was written, whenever it comes, and the queue goes on', async () => {
    const queue = allocateSpanQueue(1)
    const control = controlOf(queue)
    const reader = openForReading(queue)
    let lines = 0
    for (let round = 0; round < ROUNDS; round++) {
      const workerData: QueueWriterInput = { queue, writer: round, lines: Infinity, insists: true }
      const worker = new Worker(program, { workerData, execArgv: [] })
      const before = Atomics.load(control, Word.taken)
      let ended = false
      const end = once(worker, 'exit').then(() => (ended = true))
      while (Atomics.load(control, Word.taken) - before < LINES_BEFORE_ITS_END) {
        lines += reader.take().length
        await nextTurn()
      }
      void worker.terminate()
      while (!ended) {
        lines += reader.take().length
        await nextTurn()
      }
      await end
      lines += reader.take().length
      expect(Atomics.load(control, Word.taken)).toBe(lines)
      expect(waitingSpans(control)).toBe(0)
      expect(openForWriting(queue, 1).write('next')).toBe(true)
      expect(reader.take()).toEqual(['next'])
      lines++
    }
  })
})
