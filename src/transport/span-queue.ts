/**
 * The queue between the threads: a ring of bytes in shared memory. Any application thread of the process may write, the
 * export thread alone reads. A line that was written survives whatever happens to the thread that wrote it, and neither
 * side ever waits for the other.
 *
 * A record is a 32-bit length and that many bytes of UTF-8, padded to 4 bytes. The length is stored last, so that a
 * record is seen whole or not at all; the reader zeroes what it has read, so that an unwritten length reads as 0.
 * Positions count bytes since the start, modulo 2^32; the capacity is a power of two.
 */

import type { Mode } from './wire.ts'

/** The words of the control block, which also are the addresses the two sides wait on. */
export const Word = {
  /** Bytes reserved by writers. */
  tail: 0,
  /** Bytes read and zeroed. */
  head: 1,
  /** Changes whenever the reader should look. */
  wake: 2,
  /** 1 while the reader sleeps. */
  asleep: 3,
  /** Spans written. */
  written: 4,
  /** Spans taken out by the export thread. */
  taken: 5,
  /** Spans that need nothing more: delivered, kept on disk, or counted as dropped. */
  settled: 6,
  /** Number of the last request to finish. */
  finishAsked: 7,
  /** Number of the last request that was finished. */
  finishAnswered: 8,
  /** Spans dropped because the queue was full. */
  droppedFull: 9,
  /** Spans dropped because they were larger than a record may be. */
  droppedOversize: 10,
  /** 1: telemetry was switched off while the application runs; what waits is to be discarded, after which it is 0 again. */
  discard: 11,
  /** 1 while an export thread serves this queue. */
  served: 12,
  /** Where spans go, once that is decided: 1 private, 2 public, 3 local. */
  mode: 13,
  /** Bound that the breaker sets to the sampling rate of roots, in millionths plus 1; 0: none. See `rate-bound.ts`. */
  breakerBound: 14,
  /** The same, set because of the load of the process. */
  loadBound: 15,
  /** 1: deliveries fail, so only root spans and failed ones are handed over. */
  rootsOnly: 16,
  /** Changes with each alert about deliveries, see `delivery-alert.ts`. */
  alert: 17,
  /** Spans that were not handed over because deliveries fail, and they neither failed nor are roots. */
  droppedFallback: 18,
  /** Spans a minute that this process may send, for the sampler to aim at; 0: not known. */
  spanBudget: 20,
  /** Roots that failed and were not sampled. */
  unsampledErrors: 21,
  /** Most spans that may wait because of the load of the process; 0: as configured. */
  queueBound: 22,
  /** Heap in use of the application threads, in thousandths of its limit, the most since the last look. */
  heapUse: 23,
  /** Milliseconds that timers of the application threads were late, the most since the last look. */
  loopDelay: 24,
  /** When an application thread was last alive, in milliseconds of the monotonic clock; 0: it is not watched. */
  beat: 25,
  /** Spans written that are on disk: undelivered, but not lost with the process. */
  journaled: 27,
  /** 1: the export thread dies again and again, and telemetry is off for this process. */
  givenUp: 28,
  /** When the process stops waiting for its end, in milliseconds of the monotonic clock, modulo 2^32. */
  finishBy: 29,
} as const

const CONTROL_BYTES = 128
const clock = process.hrtime.bigint
const MODES: readonly (Mode | undefined)[] = [undefined, 'private', 'public', 'local']
const LENGTH_BYTES = 4
const SKIP_TO_START = -1
/** Most spans take a sixth of it; the room is for those that a burst brings before the reader runs. */
const BYTES_PER_SPAN = 2048
const SMALLEST = 64 * 1024
const LARGEST = 16 * 1024 * 1024

/** The writing side. */
export interface SpanQueueWriter {
  /**
   * Appends one line. Costs no system call unless the reader sleeps.
   *
   * @param line JSON without line breaks
   * @returns false if it was dropped, which has been counted
   */
  write(line: string): boolean
  /** The largest line accepted, in bytes. */
  readonly longestLine: number
}

/** The reading side. */
export interface SpanQueueReader {
  /** Takes out all complete lines, oldest first. */
  take(): string[]
}

/**
 * Allocates the memory of a queue.
 *
 * @param spans how many spans may wait
 */
export function allocateSpanQueue(spans: number): SharedArrayBuffer {
  let capacity = SMALLEST
  while (capacity < spans * BYTES_PER_SPAN && capacity < LARGEST) capacity *= 2
  return new SharedArrayBuffer(CONTROL_BYTES + capacity)
}

/** The control block of a queue, indexed by {@link Word}. */
export function controlOf(memory: SharedArrayBuffer): Int32Array {
  return new Int32Array(memory, 0, CONTROL_BYTES / LENGTH_BYTES)
}

/**
 * Opens a queue for writing.
 *
 * @param memory from {@link allocateSpanQueue}
 * @param mostWaiting spans beyond this many are dropped and counted, once the reader has begun to read
 */
export function openForWriting(memory: SharedArrayBuffer, mostWaiting: number): SpanQueueWriter {
  const control = controlOf(memory)
  const { capacity, words, bytes } = dataOf(memory)
  const longestLine = capacity / 8

  function reserve(needed: number): number | undefined {
    for (;;) {
      const tail = Atomics.load(control, Word.tail)
      const at = tail & (capacity - 1)
      const skipped = at + needed > capacity ? capacity - at : 0
      const used = (tail - Atomics.load(control, Word.head)) >>> 0
      // Another writer and the reader went past the tail that was read here: look again.
      if (used > capacity) continue
      if (used + skipped + needed > capacity) return undefined
      if (Atomics.compareExchange(control, Word.tail, tail, (tail + skipped + needed) | 0) !== tail) continue
      if (skipped === 0) return at
      Atomics.store(words, at >> 2, SKIP_TO_START)
      return 0
    }
  }

  /** The reader takes a moment to start: until then, only the memory is a bound. */
  function hasRoom(): boolean {
    const taken = Atomics.load(control, Word.taken)
    if (taken === 0) return true
    const bound = Atomics.load(control, Word.queueBound) || mostWaiting
    return ((Atomics.load(control, Word.written) - taken) | 0) < Math.min(bound, mostWaiting)
  }

  function write(line: string): boolean {
    const length = Buffer.byteLength(line)
    if (length > longestLine) {
      Atomics.add(control, Word.droppedOversize, 1)
      return false
    }
    const at = hasRoom() ? reserve(recordBytes(length)) : undefined
    if (at === undefined) {
      Atomics.add(control, Word.droppedFull, 1)
      return false
    }
    bytes.write(line, at + LENGTH_BYTES, length)
    Atomics.store(words, at >> 2, length)
    Atomics.add(control, Word.written, 1)
    if (Atomics.load(control, Word.asleep) === 1) wakeReader(control)
    return true
  }

  return { write, longestLine }
}

/**
 * Opens a queue for reading; only one reader may exist.
 *
 * @param memory from {@link allocateSpanQueue}
 */
export function openForReading(memory: SharedArrayBuffer): SpanQueueReader {
  const control = controlOf(memory)
  const { capacity, words, bytes } = dataOf(memory)

  function take(): string[] {
    const lines: string[] = []
    for (;;) {
      const head = Atomics.load(control, Word.head)
      if (head === Atomics.load(control, Word.tail)) return lines
      const at = head & (capacity - 1)
      const length = Atomics.load(words, at >> 2)
      // Reserved but not yet written; its writer will wake us.
      if (length === 0) return lines
      const size = length === SKIP_TO_START ? capacity - at : recordBytes(length)
      if (length !== SKIP_TO_START) {
        lines.push(bytes.toString('utf8', at + LENGTH_BYTES, at + LENGTH_BYTES + length))
        Atomics.add(control, Word.taken, 1)
      }
      bytes.fill(0, at, at + size)
      Atomics.store(control, Word.head, (head + size) | 0)
    }
  }

  return { take }
}

/** Has everything that waits dropped, in the queue and behind it. */
export function discardWaiting(control: Int32Array): void {
  if (Atomics.exchange(control, Word.discard, 1) === 0) wakeReader(control)
}

/** Tells all threads of the application where spans go. */
export function storeMode(control: Int32Array, mode: Mode): void {
  Atomics.store(control, Word.mode, MODES.indexOf(mode))
}

/** Says how long the process waits for the delivery from now on, in milliseconds. */
export function storeTimeLeft(control: Int32Array, milliseconds: number): void {
  Atomics.store(control, Word.finishBy, (monotonicMs() + Math.round(milliseconds)) | 0)
}

/** How long the process still waits for the delivery, in milliseconds; 0 or less: no longer. */
export function loadTimeLeft(control: Int32Array): number {
  return (Atomics.load(control, Word.finishBy) - monotonicMs()) | 0
}

/** The same in all threads, unlike `performance.now()`, which counts from the start of each. */
function monotonicMs(): number {
  return Number(BigInt.asIntN(32, clock() / 1_000_000n))
}

/** Where spans go; undefined while that is undecided. */
export function loadMode(control: Int32Array): Mode | undefined {
  return MODES[Atomics.load(control, Word.mode)]
}

/** Ends the reader's sleep. */
export function wakeReader(control: Int32Array): void {
  Atomics.store(control, Word.asleep, 0)
  Atomics.add(control, Word.wake, 1)
  Atomics.notify(control, Word.wake)
}

function recordBytes(length: number): number {
  return (LENGTH_BYTES + length + 3) & ~3
}

function dataOf(memory: SharedArrayBuffer): { capacity: number; words: Int32Array; bytes: Buffer } {
  const capacity = memory.byteLength - CONTROL_BYTES
  return {
    capacity,
    words: new Int32Array(memory, CONTROL_BYTES),
    bytes: Buffer.from(memory, CONTROL_BYTES),
  }
}
