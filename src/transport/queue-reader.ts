import { COUNT_SHIFT, Word } from './control-block.ts'
import { readPlain } from './plain-record.ts'
import {
  BLOCK_BYTES,
  BLOCK_MASK,
  freeRecord,
  Header,
  HEADER_WORDS,
  moreOf,
  NONE,
  partsOf,
} from './queue-memory.ts'

/** The reading side. */
export interface SpanQueueReader {
  /** Takes out all complete lines, oldest first. */
  take(): string[]
}

/**
 * Opens a queue for reading; only one reader may exist.
 *
 * @param memory from {@link allocateSpanQueue}
 */
export function openForReading(memory: SharedArrayBuffer): SpanQueueReader {
  const parts = partsOf(memory)
  const { control, headers, bytes } = parts

  function take(): string[] {
    const lines: string[] = []
    const cursor = Atomics.load(control, Word.cursor)
    let block = (takeList() & BLOCK_MASK) - 1
    while (block !== NONE) {
      const earlier = Atomics.load(headers, block * HEADER_WORDS + Header.earlier) - 1
      lines.push(read(block))
      freeRecord(headers, block)
      block = earlier
    }
    if (lines.length > 0) startOver(cursor)
    return lines.reverse()
  }

  /**
   * With nothing in it, the queue is filled from its first block again, so that a few blocks stay in the processor's cache
   * and most of the memory is never touched. Not where a writer has claimed one since: it may have gone on from there.
   */
  function startOver(cursor: number): void {
    if (Atomics.load(control, Word.published) === 0) Atomics.compareExchange(control, Word.cursor, cursor, 0)
  }

  /** Counts before it takes: a span must not look delivered in between, but may be counted twice for that moment. */
  function takeList(): number {
    for (;;) {
      const latest = Atomics.load(control, Word.published)
      if (latest === 0) return 0
      Atomics.add(control, Word.taken, latest >>> COUNT_SHIFT)
      if (Atomics.compareExchange(control, Word.published, latest, 0) === latest) return latest
      Atomics.sub(control, Word.taken, latest >>> COUNT_SHIFT)
    }
  }

  function read(first: number): string {
    const length = Atomics.load(headers, first * HEADER_WORDS + Header.length)
    if (length < 0) return readPlain(parts, first, -length)
    const start = first * BLOCK_BYTES
    if (length <= BLOCK_BYTES) return bytes.toString('utf8', start, start + length)
    const chunks: Buffer[] = []
    for (let block = first; block !== NONE; block = moreOf(headers, block)) {
      chunks.push(bytes.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES))
    }
    return Buffer.concat(chunks, length).toString('utf8')
  }

  return { take }
}
