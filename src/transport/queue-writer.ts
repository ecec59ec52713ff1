import { Asleep, COUNT_SHIFT, MANY_LINES, waitingSpans, wakeReader, Word } from './control-block.ts'
import { BLOCK_BYTES, BLOCK_MASK, freeRecord, Header, HEADER_WORDS, NONE, partsOf } from './queue-memory.ts'
import { storePlain } from './plain-record.ts'
import type { PlainSpan } from './wire.ts'

/** A writer that finds so many blocks taken in a row takes the queue for full. */
const MOST_PROBES = 256
const SCRATCH_BYTES = 4096
/** Of UTF-8, for one unit of a string in UTF-16. */
const MOST_BYTES_PER_UNIT = 3

/** The writing side. */
export interface SpanQueueWriter {
  /**
   * Appends one line. Costs no system call unless the reader sleeps.
   *
   * @param line JSON without line breaks
   * @returns false if it was dropped, which has been counted
   */
  write(line: string): boolean
  /**
   * Appends a span that has nothing of its own but ids and times; it is read as a line.
   *
   * @param text UTF-8: what follows them in the line, from the first key; at most `LONGEST_TEXT` of `plain-record.ts`
   * @returns as {@link write}
   */
  writePlain(span: PlainSpan, text: Uint8Array): boolean
  /** The largest line accepted, in bytes. */
  readonly longestLine: number
}

/**
 * Opens a queue for writing.
 *
 * @param memory from {@link allocateSpanQueue}
 * @param mostWaiting spans beyond this many are dropped and counted, once the reader has begun to read
 */
export function openForWriting(memory: SharedArrayBuffer, mostWaiting: number): SpanQueueWriter {
  const parts = partsOf(memory)
  const { control, blocks, headers, bytes } = parts
  const longestLine = (blocks * BLOCK_BYTES) / 8
  let scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES)

  /** The reader takes a moment to start: until then, only the memory is a bound. */
  function hasRoom(): boolean {
    return Atomics.load(control, Word.taken) === 0 || waitingSpans(control) < room()
  }

  function room(): number {
    const most = Atomics.load(control, Word.setQueueSize) || mostWaiting
    const bound = Atomics.load(control, Word.queueBound) || most
    return Math.min(bound, most)
  }

  function write(line: string): boolean {
    const chunk = encode(line)
    if (chunk.length > longestLine) {
      Atomics.add(control, Word.droppedOversize, 1)
      return false
    }
    return append(hasRoom() ? fill(chunk) : NONE)
  }

  function writePlain(span: PlainSpan, text: Uint8Array): boolean {
    const block = hasRoom() ? claim() : NONE
    if (block !== NONE) {
      storePlain(parts, block, span, text)
      headers[block * HEADER_WORDS + Header.more] = 0
      headers[block * HEADER_WORDS + Header.length] = -text.length
    }
    return append(block)
  }

  /** @param first of the blocks that were filled; NONE: there is no room */
  function append(first: number): boolean {
    if (first === NONE) {
      Atomics.add(control, Word.droppedFull, 1)
      return false
    }
    const waiting = publish(first)
    const asleep = Atomics.load(control, Word.asleep)
    if (asleep === Asleep.untilLine || (asleep === Asleep.untilMany && endsGathering(waiting)))
      wakeReader(control)
    return true
  }

  /** One of the writers wakes the reader, not each. */
  function endsGathering(waiting: number): boolean {
    if (waiting < Math.min(MANY_LINES, room() / 2)) return false
    return Atomics.compareExchange(control, Word.asleep, Asleep.untilMany, Asleep.no) === Asleep.untilMany
  }

  function encode(line: string): Buffer {
    const most = line.length * MOST_BYTES_PER_UNIT
    if (most > scratch.length && most <= longestLine) scratch = Buffer.allocUnsafeSlow(most)
    return most > scratch.length ? Buffer.from(line) : scratch.subarray(0, scratch.write(line))
  }

  /** Copies a line to blocks, the last part first; the first of them, or NONE if there are not enough. */
  function fill(chunk: Buffer): number {
    let later = NONE
    for (let at = Math.floor(Math.max(0, chunk.length - 1) / BLOCK_BYTES) * BLOCK_BYTES; at >= 0;) {
      const block = claim()
      if (block === NONE) {
        freeRecord(headers, later)
        return NONE
      }
      const part = chunk.length <= BLOCK_BYTES ? chunk : chunk.subarray(at, at + BLOCK_BYTES)
      bytes.set(part, block * BLOCK_BYTES)
      headers[block * HEADER_WORDS + Header.more] = later + 1
      later = block
      at -= BLOCK_BYTES
    }
    headers[later * HEADER_WORDS + Header.length] = chunk.length
    return later
  }

  function claim(): number {
    const start = Atomics.add(control, Word.cursor, 1)
    for (let probe = 0; probe < MOST_PROBES; probe++) {
      const block = (start + probe) & (blocks - 1)
      if (Atomics.compareExchange(headers, block * HEADER_WORDS + Header.claimed, 0, 1) !== 0) continue
      if (probe > 0) Atomics.store(control, Word.cursor, block + 1)
      return block
    }
    return NONE
  }

  /** @returns how many records wait now */
  function publish(first: number): number {
    for (;;) {
      const latest = Atomics.load(control, Word.published)
      headers[first * HEADER_WORDS + Header.earlier] = latest & BLOCK_MASK
      const own = (((latest >>> COUNT_SHIFT) + 1) << COUNT_SHIFT) | (first + 1)
      if (Atomics.compareExchange(control, Word.published, latest, own) === latest) return own >>> COUNT_SHIFT
    }
  }

  return { write, writePlain, longestLine }
}
