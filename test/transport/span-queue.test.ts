import { describe, expect, it, vi } from 'vitest'
import {
  allocateSpanQueue,
  controlOf,
  discardWaiting,
  loadMode,
  openForReading,
  openForWriting,
  type SpanQueueReader,
  type SpanQueueWriter,
  storeMode,
  wakeReader,
  Word,
} from '../../src/transport/span-queue.ts'

const SMALLEST_CAPACITY = 64 * 1024

interface Queue {
  readonly memory: SharedArrayBuffer
  readonly control: Int32Array
  readonly writer: SpanQueueWriter
  readonly reader: SpanQueueReader
  count(word: keyof typeof Word): number
}

function queue(mostWaiting = 1_000_000, spans = 1): Queue {
  const memory = allocateSpanQueue(spans)
  const control = controlOf(memory)
  return {
    memory,
    control,
    writer: openForWriting(memory, mostWaiting),
    reader: openForReading(memory),
    count: (word) => Atomics.load(control, Word[word]),
  }
}

describe('the span queue', () => {
  it('gives back what was written, in order, once', () => {
    const { writer, reader, count } = queue()
    expect(reader.take()).toEqual([])
    const lines = ['{"a":1}', 'x', 'yz', 'four', '{"long":"…………"}']
    for (const line of lines) expect(writer.write(line)).toBe(true)
    expect(reader.take()).toEqual(lines)
    expect(reader.take()).toEqual([])
    expect([count('written'), count('taken'), count('head')]).toEqual([5, 5, count('tail')])
  })

  it('keeps every character, whatever its length in UTF-8', () => {
    const { writer, reader } = queue()
    const lines = ['ä', '€', '𝄞', '日本語', '\u0000', '🧘‍♀️ zen', 'é'.repeat(1001)]
    for (const line of lines) writer.write(line)
    expect(reader.take()).toEqual(lines)
    writer.write('\ud800')
    expect(reader.take()).toEqual(['\ufffd'])
  })

  it('goes round its end any number of times, with lines of any length', () => {
    const { writer, reader, count } = queue()
    let bytes = 0
    for (let round = 0; bytes < 20 * SMALLEST_CAPACITY; round++) {
      const lines = [1, 2, 3].map((part) => `${round}.${part}:${'x'.repeat((round * part * 37) % 5000)}`)
      for (const line of lines) expect(writer.write(line)).toBe(true)
      expect(reader.take()).toEqual(lines)
      bytes += lines.join('').length
    }
    expect(count('droppedFull')).toBe(0)
  })

  it('goes on when its positions pass 2³²', () => {
    const { writer, reader, control } = queue()
    const nearEnd = -SMALLEST_CAPACITY
    Atomics.store(control, Word.head, nearEnd)
    Atomics.store(control, Word.tail, nearEnd)
    const line = 'x'.repeat(7000)
    for (let round = 0; round < 40; round++) {
      expect(writer.write(`${round}${line}`)).toBe(true)
      expect(reader.take()).toEqual([`${round}${line}`])
    }
    expect(Atomics.load(control, Word.tail)).toBeGreaterThan(0)
  })

  it('drops and counts what has no room, and takes more when there is room again', () => {
    const { writer, reader, count } = queue()
    const line = 'x'.repeat(8000)
    const accepted: boolean[] = []
    for (let index = 0; index < 20; index++) accepted.push(writer.write(line))
    const room = accepted.filter(Boolean).length
    expect(room).toBe(Math.floor(SMALLEST_CAPACITY / 8004))
    expect(accepted.slice(room)).not.toContain(true)
    expect([count('written'), count('droppedFull')]).toEqual([room, 20 - room])
    expect(reader.take()).toHaveLength(room)
    expect(writer.write(line)).toBe(true)
    expect(reader.take()).toEqual([line])
  })

  it('can be filled to its last byte', () => {
    const { writer, reader, count } = queue()
    const line = 'x'.repeat(1020)
    for (let index = 0; index < 64; index++) expect(writer.write(line)).toBe(true)
    expect(writer.write('x')).toBe(false)
    expect(count('tail') - count('head')).toBe(SMALLEST_CAPACITY)
    expect(reader.take()).toEqual(Array.from({ length: 64 }, () => line))
  })

  it('holds as many as its memory does until they are read for the first time', () => {
    const { writer, reader, count } = queue(3)
    expect(Array.from({ length: 200 }, () => writer.write('x')).every(Boolean)).toBe(true)
    expect(count('droppedFull')).toBe(0)
    expect(reader.take()).toHaveLength(200)
  })

  it('holds no more spans than it was told', () => {
    const { writer, reader, count } = queue(3)
    writer.write('the first')
    reader.take()
    expect(Array.from({ length: 5 }, () => writer.write('x'))).toEqual([true, true, true, false, false])
    expect(count('droppedFull')).toBe(2)
    reader.take()
    expect(writer.write('x')).toBe(true)
  })

  it('drops and counts a line that is too large, and no other', () => {
    const { writer, reader, count } = queue()
    expect(writer.write('x'.repeat(writer.longestLine + 1))).toBe(false)
    expect(writer.write('€'.repeat(writer.longestLine / 2))).toBe(false)
    expect(writer.write('x'.repeat(writer.longestLine))).toBe(true)
    expect([count('droppedOversize'), count('droppedFull')]).toEqual([2, 0])
    expect(reader.take()).toHaveLength(1)
  })

  it('has room for the spans it is made for, within bounds', () => {
    expect(allocateSpanQueue(1).byteLength).toBe(SMALLEST_CAPACITY + 128)
    expect(allocateSpanQueue(2048).byteLength).toBe(4 * 1024 * 1024 + 128)
    expect(allocateSpanQueue(1_000_000).byteLength).toBe(16 * 1024 * 1024 + 128)
  })

  it('shows a record only when it is whole', () => {
    const { memory, reader, control, writer } = queue()
    Atomics.store(control, Word.tail, 8)
    expect(reader.take()).toEqual([])
    const words = new Int32Array(memory, 128)
    new Uint8Array(memory, 128).set([0, 0, 0, 0, 97, 98, 99])
    writer.write('later')
    expect(reader.take()).toEqual([])
    Atomics.store(words, 0, 3)
    expect(reader.take()).toEqual(['abc', 'later'])
  })

  it('does not take itself for full when another thread writes and is read in between', () => {
    const { memory, writer, reader, count } = queue()
    const other = openForWriting(memory, 1_000_000)
    const load = Atomics.load.bind(Atomics) as typeof Atomics.load
    let interrupted = false
    const spy = vi.spyOn(Atomics, 'load').mockImplementation(((array: Int32Array, index: number) => {
      const value = load(array, index)
      if (array.length === 32 && index === Word.tail && !interrupted) {
        interrupted = true
        other.write('other')
        reader.take()
      }
      return value
    }) as typeof Atomics.load)
    const written = writer.write('mine')
    spy.mockRestore()
    expect([interrupted, written, count('droppedFull')]).toEqual([true, true, 0])
    expect(reader.take()).toEqual(['mine'])
  })
})

describe('the mode', () => {
  it.each(['private', 'public', 'local'] as const)('reaches every thread: %s', (mode) => {
    const { control, memory } = queue()
    expect(loadMode(control)).toBeUndefined()
    storeMode(control, mode)
    expect(loadMode(controlOf(memory))).toBe(mode)
  })
})

describe('the reader', () => {
  it('is woken by a line only where it sleeps', () => {
    const { writer, control, count } = queue()
    writer.write('x')
    expect(count('wake')).toBe(0)
    Atomics.store(control, Word.asleep, 1)
    writer.write('x')
    writer.write('x')
    expect([count('wake'), count('asleep')]).toEqual([1, 0])
  })

  it('is woken from its wait', async () => {
    const { control } = queue()
    const wait = Atomics.waitAsync(control, Word.wake, 0)
    wakeReader(control)
    expect(wait.async && (await wait.value)).toBe('ok')
  })

  it('is woken once to discard what waits, until it has', () => {
    const { control, count } = queue()
    discardWaiting(control)
    discardWaiting(control)
    expect([count('discard'), count('wake')]).toEqual([1, 1])
    Atomics.store(control, Word.discard, 0)
    discardWaiting(control)
    expect([count('discard'), count('wake')]).toEqual([1, 2])
  })
})
