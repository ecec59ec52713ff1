import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { finishDelivery, hasUndelivered } from '../../src/transport/finish-handshake.ts'
import { controlOf, discardWaiting, Word } from '../../src/transport/control-block.ts'
import { allocateSpanQueue } from '../../src/transport/queue-memory.ts'
import { openForWriting } from '../../src/transport/queue-writer.ts'
import { bundle } from '../support/bundle.ts'
import type { IntakeNews, IntakeThreadInput } from './intake-thread.ts'

const LONG_MS = 15_000

let program = ''
const workers: Worker[] = []
beforeAll(async () => {
  program = await bundle(new URL('intake-thread.ts', import.meta.url))
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.terminate()))
})

function start(finishing: IntakeThreadInput['finishing'] = 'works') {
  const queue = allocateSpanQueue(4096)
  const control = controlOf(queue)
  const { write } = openForWriting(queue, 1_000_000)
  const news: IntakeNews[] = []
  const worker = new Worker(program, { workerData: { queue, finishing }, execArgv: [], stderr: true })
  workers.push(worker)
  worker.on('message', (message: IntakeNews) => news.push(message))
  // What fails in the thread is its own trouble, as in the export thread.
  worker.on('error', () => {})
  return {
    worker,
    control,
    write,
    news,
    lines: () => news.flatMap((message) => (message.kind === 'lines' ? message.lines : [])),
    asleep: () => vi.waitUntil(() => Atomics.load(control, Word.asleep) === 1, LONG_MS),
    told: (kind: IntakeNews['kind'], times = 1) =>
      vi.waitUntil(() => news.filter((message) => message.kind === kind).length >= times, LONG_MS),
  }
}

describe('the intake', () => {
  it('takes what was written before it started', async () => {
    const { write, lines, told } = start()
    write('early')
    await told('lines')
    expect(lines()).toEqual(['early'])
  })

  it('sleeps, and is woken by a line, any number of times', async () => {
    const { write, lines, asleep, told } = start()
    for (let round = 1; round <= 5; round++) {
      await asleep()
      write(`round ${round}`)
      await told('lines', round)
    }
    expect(lines()).toEqual([1, 2, 3, 4, 5].map((round) => `round ${round}`))
  })

  it('takes lines of a busy application in portions, in order', async () => {
    const { write, lines, news } = start()
    const written: string[] = []
    for (let round = 0; round < 50; round++) {
      for (let index = 0; index < 20; index++) {
        written.push(`${round}.${index}`)
        expect(write(written.at(-1)!)).toBe(true)
      }
      await pause(1)
    }
    await vi.waitUntil(() => lines().length === written.length, LONG_MS)
    expect(lines()).toEqual(written)
    expect(news.length).toBeLessThan(written.length)
  })

  it('takes what has arrived in the middle of long work', async () => {
    const { worker, write, news, told } = start()
    const until = new Int32Array(new SharedArrayBuffer(4))
    worker.postMessage(until)
    await told('works')
    write('meanwhile')
    Atomics.store(until, 0, 1)
    Atomics.notify(until, 0)
    await told('has worked')
    expect(news).toEqual([{ kind: 'works' }, { kind: 'lines', lines: ['meanwhile'] }, { kind: 'has worked' }])
  })

  it('is told once for each time telemetry is switched off, also while it sleeps', async () => {
    const { control, write, news, asleep, told } = start()
    await asleep()
    discardWaiting(control)
    await told('discard')
    await asleep()
    discardWaiting(control)
    await told('discard', 2)
    await asleep()
    write('later')
    await told('lines')
    await asleep()
    expect(news.map(({ kind }) => kind)).toEqual(['discard', 'discard', 'lines'])
  })
})

describe('finishing', () => {
  it.each(['works', 'takes a moment'] as const)(
    'blocks until everything is settled, where it %s',
    async (finishing) => {
      const { control, write, lines, told } = start(finishing)
      const written = Array.from({ length: 100 }, (_, index) => `line ${index}`)
      for (const line of written) write(line)
      expect(hasUndelivered(control)).toBe(true)
      expect(finishDelivery(control, LONG_MS)).toBe(true)
      expect(hasUndelivered(control)).toBe(false)
      await told('finish')
      expect(lines()).toEqual(written)
    },
  )

  it('wakes a thread that sleeps', async () => {
    const { control, asleep } = start()
    await asleep()
    expect(finishDelivery(control, LONG_MS)).toBe(true)
  })

  it('can be asked for again, for what came later', async () => {
    const { control, write } = start('takes a moment')
    for (let round = 0; round < 3; round++) {
      write(`round ${round}`)
      expect(finishDelivery(control, LONG_MS)).toBe(true)
      expect(hasUndelivered(control)).toBe(false)
    }
  })

  it('gives up after its time, and says so', async () => {
    const { control, write } = start('never ends')
    write('x')
    expect(finishDelivery(control, 30)).toBe(false)
    expect(hasUndelivered(control)).toBe(true)
    expect(finishDelivery(control, 0)).toBe(false)
  })

  it('does not keep the application waiting where it fails', async () => {
    const { control, write } = start('fails')
    write('x')
    expect(finishDelivery(control, LONG_MS)).toBe(true)
    expect(hasUndelivered(control)).toBe(true)
  })

  it('gives up after its time where no thread is there', () => {
    const control = controlOf(allocateSpanQueue(1))
    expect(finishDelivery(control, 10)).toBe(false)
  })
})
