import { once } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { beforeAll, describe, expect, it } from 'vitest'
import { controlOf, spansWritten, Word } from '../../src/transport/control-block.ts'
import { allocateSpanQueue } from '../../src/transport/queue-memory.ts'
import { openForReading } from '../../src/transport/queue-reader.ts'
import { bundle } from '../support/bundle.ts'
import type { QueueWriterInput } from './queue-writer.ts'

const WRITERS = 4
const LINES = 4000

interface Line {
  readonly writer: number
  readonly index: number
  readonly text: string
}

let program = ''
beforeAll(async () => {
  program = await bundle(new URL('queue-writer.ts', import.meta.url))
})

/** Lets several threads write at once while this one reads until all have ended. */
async function run(insists: boolean): Promise<{ lines: Line[]; refused: number; control: Int32Array }> {
  const queue = allocateSpanQueue(1)
  const reader = openForReading(queue)
  const control = controlOf(queue)
  let running = WRITERS
  let refused = 0
  const ends = Array.from({ length: WRITERS }, async (_, writer) => {
    const workerData: QueueWriterInput = { queue, writer, lines: LINES, insists }
    const worker = new Worker(program, { workerData, execArgv: [] })
    const ended = once(worker, 'exit')
    const [count] = (await once(worker, 'message')) as [number]
    refused += count
    await ended
    running--
  })
  const texts: string[] = []
  while (running > 0) {
    texts.push(...reader.take())
    await nextTurn()
  }
  await Promise.all(ends)
  texts.push(...reader.take())
  return { lines: texts.map((text) => JSON.parse(text) as Line), refused, control }
}

function expectWhole(lines: readonly Line[]): void {
  for (const { writer, index, text } of lines) expect(text).toBe(`${writer}ä`.repeat(index % 300))
  for (let writer = 0; writer < WRITERS; writer++) {
    const own = lines.filter((line) => line.writer === writer).map((line) => line.index)
    expect(own).toEqual([...new Set(own)].sort((a, b) => a - b))
  }
}

describe('several threads that write at the same time', () => {
  it('lose no line, tear none, and keep the order of each where they wait for room', async () => {
    const { lines, control } = await run(true)
    expect(lines).toHaveLength(WRITERS * LINES)
    expectWhole(lines)
    expect(spansWritten(control)).toBe(lines.length)
    expect(Atomics.load(control, Word.taken)).toBe(lines.length)
  })

  it('count exactly what they drop where they do not wait', async () => {
    const { lines, refused, control } = await run(false)
    expectWhole(lines)
    expect(refused).toBe(Atomics.load(control, Word.droppedFull))
    expect(lines.length + refused).toBe(WRITERS * LINES)
    expect(spansWritten(control)).toBe(lines.length)
  })
})
