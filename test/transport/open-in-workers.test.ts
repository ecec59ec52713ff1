import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import {
  closedInWorker,
  endInWorkers,
  hasOpenInWorkers,
  openedInWorker,
} from '../../src/transport/open-in-workers.ts'
import { controlOf, Word } from '../../src/transport/control-block.ts'
import { allocateSpanQueue } from '../../src/transport/queue-memory.ts'
import { bundle } from '../support/bundle.ts'

const PATIENT_MS = 60_000

/** Starts worker threads with one open span each; they hear, or do not. */
async function workers(count: number, hears: boolean) {
  const control = controlOf(allocateSpanQueue(1))
  const file = await bundle(new URL('open-span-thread.ts', import.meta.url))
  const threads = Array.from({ length: count }, () => {
    return new Worker(file, { workerData: { memory: control.buffer, hears } })
  })
  await Promise.all(threads.map((thread) => once(thread, 'message')))
  return { control, threads }
}

function dropped(control: Int32Array): number {
  return Atomics.load(control, Word.droppedInWorkers)
}

describe('spans that are open in worker threads when the process ends', () => {
  it('are ended there, and waited for', async () => {
    const { control, threads } = await workers(2, true)
    expect(hasOpenInWorkers(control)).toBe(true)
    endInWorkers(control, PATIENT_MS)
    expect([Atomics.load(control, Word.openInWorkers), dropped(control)]).toEqual([0, 0])
    expect(hasOpenInWorkers(control)).toBe(false)
    await Promise.all(threads.map((thread) => thread.terminate()))
  })

  it('are counted where the thread is busy', async () => {
    const { control, threads } = await workers(1, false)
    endInWorkers(control, 40)
    expect(dropped(control)).toBe(1)
    await threads[0]!.terminate()
  })

  it('are counted, and not waited for, where the thread was terminated', async () => {
    const { control, threads } = await workers(2, true)
    await threads[0]!.terminate()
    endInWorkers(control, PATIENT_MS)
    expect(dropped(control)).toBe(1)
    await threads[1]!.terminate()
  })

  it('are looked for once', () => {
    const control = controlOf(allocateSpanQueue(1))
    openedInWorker(control)
    openedInWorker(control)
    closedInWorker(control)
    endInWorkers(control, PATIENT_MS)
    endInWorkers(control, PATIENT_MS)
    expect(dropped(control)).toBe(1)
  })
})
