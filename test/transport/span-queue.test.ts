import { describe, expect, it, vi } from 'vitest'
import {
  Asleep,
  controlOf,
  discardWaiting,
  spansWritten,
  waitingSpans,
  wakeReader,
  Word,
} from '../../src/transport/control-block.ts'
import { loadMode, storeMode } from '../../src/transport/mode-word.ts'
import { allocateSpanQueue } from '../../src/transport/queue-memory.ts'
import { openForReading, type SpanQueueReader } from '../../src/transport/queue-reader.ts'
import { openForWriting, type SpanQueueWriter } from '../../src/transport/queue-writer.ts'

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
    const { writer, reader, control, count } = queue()
    expect(reader.take()).toEqual([])
    const lines = ['{"a":1}', 'x', 'yz', 'four', '{"long":"…………"}']
    for (const line of lines) expect(writer.write(line)).toBe(true)
    expect(reader.take()).toEqual(lines)
    expect(reader.take()).toEqual([])
    expect([spansWritten(control), waitingSpans(control), count('taken')]).toEqual([5, 0, 5])
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
    const { writer, reader, control, count } = queue()
    let bytes = 0
    for (let round = 0; bytes < 20 * SMALLEST_CAPACITY; round++) {
      const lines = [1, 2, 3].map((part) => `${round}.${part}:${'x'.repeat((round * part * 37) % 5000)}`)
      // It was empty, and would begin at its start.
      Atomics.store(control, Word.cursor, 128 - (round % 16))
      for (const line of lines) expect(writer.write(line)).toBe(true)
      expect(reader.take()).toEqual(lines)
      bytes += lines.join('').length
    }
    expect(count('droppedFull')).toBe(0)
  })

  it('begins at its start again when it is empty, but not where a line waits or is being written', () => {
    const { writer, reader, control, count } = queue()
    writer.write('a')
    writer.write('b')
    reader.take()
    expect(count('cursor')).toBe(0)
    writer.write('c')
    const exchange = Atomics.compareExchange.bind(Atomics) as typeof Atomics.compareExchange
    const spy = vi.spyOn(Atomics, 'compareExchange').mockImplementation(((
      array: Int32Array,
      index: number,
      known: number,
      changed: number,
    ) => {
      // The list was taken, and another line comes before its blocks are read.
      if (array === control || index !== Word.published || changed !== 0)
        return exchange(array, index, known, changed)
      const found = exchange(array, index, known, changed)
      writer.write('d')
      return found
    }) as typeof Atomics.compareExchange)
    expect(reader.take()).toEqual(['c'])
    spy.mockRestore()
    expect(count('cursor')).toBe(2)
    expect(reader.take()).toEqual(['d'])
    expect(count('cursor')).toBe(0)
  })

  it('goes on when its counters pass 2³²', () => {
    const { writer, reader, control } = queue()
    Atomics.store(control, Word.taken, 2 ** 31 - 20)
    const line = 'x'.repeat(7000)
    for (let round = 0; round < 40; round++) {
      Atomics.store(control, Word.cursor, 2 ** 31 - 20 + round)
      expect(writer.write(`${round}${line}`)).toBe(true)
      expect(reader.take()).toEqual([`${round}${line}`])
    }
    expect(Atomics.load(control, Word.taken)).toBe(-(2 ** 31) + 20)
  })

  it('drops and counts what has no room, and takes more when there is room again', () => {
    const { writer, reader, control, count } = queue()
    const line = 'x'.repeat(8000)
    const accepted: boolean[] = []
    for (let index = 0; index < 20; index++) accepted.push(writer.write(line))
    const room = accepted.filter(Boolean).length
    expect(room).toBe(SMALLEST_CAPACITY / 8192)
    expect(accepted.slice(room)).not.toContain(true)
    expect([waitingSpans(control), count('droppedFull')]).toEqual([room, 20 - room])
    expect(reader.take()).toHaveLength(room)
    expect(writer.write(line)).toBe(true)
    expect(reader.take()).toEqual([line])
  })

  it('can be filled to its last byte, and again', () => {
    const { writer, reader } = queue()
    const line = 'x'.repeat(1024)
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 64; index++) expect(writer.write(line)).toBe(true)
      expect(writer.write('x')).toBe(false)
      expect(reader.take()).toEqual(Array.from({ length: 64 }, () => line))
    }
  })

  it('gives the blocks back of a line that found too few', () => {
    const { writer, reader } = queue()
    for (let index = 0; index < 7; index++) writer.write('x'.repeat(8192))
    for (let index = 0; index < 15; index++) writer.write('x')
    expect(writer.write('y'.repeat(1000))).toBe(false)
    expect(writer.write('z')).toBe(true)
    expect(reader.take().at(-1)).toBe('z')
  })

  it.each([0, 1, 511, 512, 513, 1024, 1025, 8192])('keeps a line of %d bytes', (length) => {
    const { writer, reader } = queue()
    const line = 'é'.repeat(length / 2) + 'x'.repeat(length % 2)
    writer.write(line)
    writer.write('next')
    expect(reader.take()).toEqual([line, 'next'])
  })

  it('holds as many as its memory does until they are read for the first time', () => {
    const { writer, reader, count } = queue(3)
    expect(Array.from({ length: 128 }, () => writer.write('x')).every(Boolean)).toBe(true)
    expect(count('droppedFull')).toBe(0)
    expect(reader.take()).toHaveLength(128)
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
    expect(allocateSpanQueue(1).byteLength).toBe(SMALLEST_CAPACITY + 128 * 16 + 320)
    expect(allocateSpanQueue(2048).byteLength).toBe(4 * 1024 * 1024 + 8192 * 16 + 320)
    expect(allocateSpanQueue(1_000_000).byteLength).toBe(16 * 1024 * 1024 + 32_768 * 16 + 320)
  })

  it('is not held up by a writer that has claimed blocks and never came back', () => {
    const { memory, reader, writer } = queue()
    const headers = new Int32Array(memory, 320)
    Atomics.store(headers, 0, 1)
    writer.write('later')
    expect(reader.take()).toEqual(['later'])
    for (let round = 0; round < 300; round++) expect(writer.write('x')).toBe(round < 127)
    expect(reader.take()).toHaveLength(127)
  })

  it('loses nothing when another thread writes and is read in between', () => {
    const { memory, writer, reader, control, count } = queue()
    const other = openForWriting(memory, 1_000_000)
    const load = Atomics.load.bind(Atomics) as typeof Atomics.load
    let interrupted = 0
    const taken: string[] = []
    writer.write('first')
    const spy = vi.spyOn(Atomics, 'load').mockImplementation(((array: Int32Array, index: number) => {
      const value = load(array, index)
      if (array.length === control.length && index === Word.published && ++interrupted === 1) {
        other.write('other')
        taken.push(...reader.take())
      }
      return value
    }) as typeof Atomics.load)
    const written = writer.write('mine')
    spy.mockRestore()
    expect([interrupted > 1, written, count('droppedFull')]).toEqual([true, true, 0])
    expect([...taken, ...reader.take()]).toEqual(['first', 'other', 'mine'])
    expect([spansWritten(control), count('taken')]).toEqual([3, 3])
  })

  it('counts right when a line comes while the reader takes', () => {
    const { writer, reader, control, count } = queue()
    writer.write('first')
    const add = Atomics.add.bind(Atomics) as typeof Atomics.add
    let interrupted = false
    const spy = vi.spyOn(Atomics, 'add').mockImplementation(((
      array: Int32Array,
      index: number,
      by: number,
    ) => {
      if (index === Word.taken && !interrupted) {
        interrupted = true
        writer.write('second')
      }
      return add(array, index, by)
    }) as typeof Atomics.add)
    expect(reader.take()).toEqual(['first', 'second'])
    spy.mockRestore()
    expect([interrupted, count('taken'), waitingSpans(control)]).toEqual([true, 2, 0])
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
    expect(count('wake')).toBe(2)
    Atomics.store(control, Word.asleep, 0)
    writer.write('x')
    expect(count('wake')).toBe(2)
  })

  it.each([
    { room: 10_000, many: 256 },
    { room: 100, many: 50 },
  ])('is woken once while it gathers, by the line that makes them many: $many of $room', ({ room, many }) => {
    const memory = allocateSpanQueue(2048)
    const control = controlOf(memory)
    const writer = openForWriting(memory, room)
    writer.write('x')
    openForReading(memory).take()
    Atomics.store(control, Word.asleep, Asleep.untilMany)
    for (let line = 1; line < many; line++) writer.write('x')
    expect(Atomics.load(control, Word.wake)).toBe(0)
    for (let line = 0; line < 10; line++) writer.write('x')
    expect(Atomics.load(control, Word.wake)).toBe(1)
    expect(Atomics.load(control, Word.asleep)).toBe(Asleep.no)
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
