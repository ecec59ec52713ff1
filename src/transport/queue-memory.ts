/**
 * The queue between the threads, in shared memory. Any application thread of the process may write, the export thread
 * alone reads. A line that was written survives whatever happens to the thread that wrote it, and neither side ever
 * waits for the other.
 *
 * `worker.terminate()` stops a writer anywhere, between any two instructions (tried on every Node line). So nothing that
 * a writer leaves half done may be in anybody's way: it fills blocks that it has claimed, and one atomic operation
 * publishes the record. A writer that is stopped before takes its few blocks with it, and nothing else.
 *
 * The same operation orders all that was stored before it, which need not be atomic: that takes several times as long.
 *
 * Published records are a linked list, latest first, whose head word holds the first block and how many records there
 * are; the reader takes the whole list at once.
 */
import { CONTROL_BYTES, controlOf } from './control-block.ts'

export const BLOCK_BYTES = 512
const WORD_BYTES = 4
/** Most spans take a sixth of it; the room is for those that a burst brings before the reader runs. */
const BYTES_PER_SPAN = 2048
const SMALLEST = 64 * 1024
const LARGEST = 16 * 1024 * 1024
/** No block; also one less than an empty link. */
export const NONE = -1

/** What is known of a block, in four words. */
export const Header = {
  /** 1 from when a writer claims it until the reader has read it. */
  claimed: 0,
  /** Of the first block of a record: the block of the record that was published before, plus 1. */
  earlier: 1,
  /** The next block of the same record, plus 1. */
  more: 2,
  /** Of the first block of a record: bytes of the line; below zero: of the text of a plain span, see `plain-record.ts`. */
  length: 3,
} as const
export const HEADER_WORDS = 4
/** Of the head word: the block of the latest record, plus 1. */
export const BLOCK_MASK = 0xffff

/** A queue, taken apart. */
export interface Parts {
  readonly control: Int32Array
  readonly blocks: number
  readonly headers: Int32Array
  /** The blocks, as bytes, words and times. */
  readonly bytes: Buffer
  readonly words: Int32Array
  readonly times: Float64Array
}

/**
 * Allocates the memory of a queue.
 *
 * @param spans how many spans may wait
 */
export function allocateSpanQueue(spans: number): SharedArrayBuffer {
  let capacity = SMALLEST
  while (capacity < spans * BYTES_PER_SPAN && capacity < LARGEST) capacity *= 2
  const headers = (capacity / BLOCK_BYTES) * HEADER_WORDS * WORD_BYTES
  return new SharedArrayBuffer(CONTROL_BYTES + headers + capacity)
}

/** Takes the memory of a queue apart. */
export function partsOf(memory: SharedArrayBuffer): Parts {
  const blocks = (memory.byteLength - CONTROL_BYTES) / (BLOCK_BYTES + HEADER_WORDS * WORD_BYTES)
  const headers = new Int32Array(memory, CONTROL_BYTES, blocks * HEADER_WORDS)
  const start = CONTROL_BYTES + headers.byteLength
  return {
    control: controlOf(memory),
    blocks,
    headers,
    bytes: Buffer.from(memory, start),
    words: new Int32Array(memory, start),
    times: new Float64Array(memory, start),
  }
}

/** Gives the blocks of a record back. */
export function freeRecord(headers: Int32Array, first: number): void {
  for (let block = first; block !== NONE;) {
    const more = moreOf(headers, block)
    Atomics.store(headers, block * HEADER_WORDS + Header.claimed, 0)
    block = more
  }
}

/** The next block of the same record, or {@link NONE}. */
export function moreOf(headers: Int32Array, block: number): number {
  return Atomics.load(headers, block * HEADER_WORDS + Header.more) - 1
}
