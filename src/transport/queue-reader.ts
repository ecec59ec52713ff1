import { COUNT_SHIFT, Word } from './control-block.ts'
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
  const { control, headers, bytes } = partsOf(memory)

  function take(): string[] {
    const lines: string[] = []
    let block = (takeList() & BLOCK_MASK) - 1
    while (block !== NONE) {
      const earlier = Atomics.load(headers, block * HEADER_WORDS + Header.earlier) - 1
      lines.push(read(block))
      freeRecord(headers, block)
      block = earlier
    }
    return lines.reverse()
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
    const start = first * BLOCK_BYTES
    if (length <= BLOCK_BYTES) return bytes.toString('utf8', start, start + length)
    const parts: Buffer[] = []
    for (let block = first; block !== NONE; block = moreOf(headers, block)) {
      parts.push(bytes.subarray(block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES))
    }
    return Buffer.concat(parts, length).toString('utf8')
  }

  return { take }
}
