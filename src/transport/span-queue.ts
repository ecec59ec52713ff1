/**
 * The queue between the threads, in shared memory. Any application thread of the process may write, the export thread
 * alone reads. A line that was written survives whatever happens to the thread that wrote it, and neither side ever
 * waits for the other.
 *
 * `worker.terminate()` stops a writer anywhere, between any two instructions (tried on every Node line). So nothing that
 * a writer leaves half done may be in anybody's way: it fills blocks that it has claimed, and one atomic operation
 * publishes the record. A writer that is stopped before takes its few blocks with it, and nothing else.
 *
 * Published records are a linked list, latest first, whose head word holds the first block and how many records there
 * are; the reader takes the whole list at once.
 */
import type { Mode } from './wire.ts'

/** The words of the control block, which also are the addresses the two sides wait on. */
export const Word = {
  /** Records that are published and not taken, in the upper half; the block of the latest plus 1 in the lower. */
  published: 0,
  /** Where the next writer looks for a free block. */
  cursor: 1,
  /** Changes whenever the reader should look. */
  wake: 2,
  /** Whether the reader sleeps, see {@link Asleep}. The reader sets it; a writer that wakes it early clears it. */
  asleep: 3,
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
  /** Calls for the thread that owns the queue, see `queue-owner.ts`. */
  called: 26,
  /** 1 while the owner knows that something is undelivered; only the owner sets it. */
  watched: 31,
  /** 1 once the warnings about the configuration were given. */
  warned: 30,
  /** What was set while the application runs, see `runtime-settings.ts`; 0: as configured. */
  setSampleRate: 32,
  setBatchSize: 33,
  setQueueSize: 34,
  setFlushInterval: 35,
  setExportTimeout: 36,
  /** 1: switched off by the application's code. */
  off: 37,
  /** Spans begun in worker threads and not handed over, see `open-in-workers.ts`. */
  openInWorkers: 38,
  /** 1 when the process ends: worker threads are to end their open spans. */
  endAsked: 39,
  /** How many of them have. */
  endAnswered: 40,
  /** Spans that were open in worker threads when those or the process ended. */
  droppedInWorkers: 41,
} as const

/** What the reader waits for. */
export const Asleep = {
  no: 0,
  /** The next line. */
  untilLine: 1,
  /** Some time, or so many lines that the queue would soon be full. */
  untilMany: 2,
} as const
/** So many lines are many. */
export const MANY_LINES = 256

const CONTROL_BYTES = 192
const clock = process.hrtime.bigint
const MODES: readonly (Mode | undefined)[] = [undefined, 'private', 'public', 'local']
const WORD_BYTES = 4
const BLOCK_BYTES = 512
/** Most spans take a sixth of it; the room is for those that a burst brings before the reader runs. */
const BYTES_PER_SPAN = 2048
const SMALLEST = 64 * 1024
const LARGEST = 16 * 1024 * 1024
/** A writer that finds so many blocks taken in a row takes the queue for full. */
const MOST_PROBES = 256
const NONE = -1
const SCRATCH_BYTES = 4096
/** Of UTF-8, for one unit of a string in UTF-16. */
const MOST_BYTES_PER_UNIT = 3

/** What is known of a block, in four words. */
const Header = {
  /** 1 from when a writer claims it until the reader has read it. */
  claimed: 0,
  /** Of the first block of a record: the block of the record that was published before, plus 1. */
  earlier: 1,
  /** The next block of the same record, plus 1. */
  more: 2,
  /** Of the first block of a record: bytes of the line. */
  length: 3,
} as const
const HEADER_WORDS = 4
const COUNT_SHIFT = 16
const BLOCK_MASK = 0xffff

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
  const headers = (capacity / BLOCK_BYTES) * HEADER_WORDS * WORD_BYTES
  return new SharedArrayBuffer(CONTROL_BYTES + headers + capacity)
}

/** The control block of a queue, indexed by {@link Word}. */
export function controlOf(memory: SharedArrayBuffer): Int32Array {
  return new Int32Array(memory, 0, CONTROL_BYTES / WORD_BYTES)
}

/** How many spans wait in the queue. */
export function waitingSpans(control: Int32Array): number {
  return Atomics.load(control, Word.published) >>> COUNT_SHIFT
}

/** How many spans were written since the process began, modulo 2^32. */
export function spansWritten(control: Int32Array): number {
  return (waitingSpans(control) + Atomics.load(control, Word.taken)) | 0
}

/**
 * Opens a queue for writing.
 *
 * @param memory from {@link allocateSpanQueue}
 * @param mostWaiting spans beyond this many are dropped and counted, once the reader has begun to read
 */
export function openForWriting(memory: SharedArrayBuffer, mostWaiting: number): SpanQueueWriter {
  const { control, blocks, headers, bytes } = partsOf(memory)
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
    const first = hasRoom() ? fill(chunk) : NONE
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
      Atomics.store(headers, block * HEADER_WORDS + Header.more, later + 1)
      later = block
      at -= BLOCK_BYTES
    }
    Atomics.store(headers, later * HEADER_WORDS + Header.length, chunk.length)
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
      Atomics.store(headers, first * HEADER_WORDS + Header.earlier, latest & BLOCK_MASK)
      const own = (((latest >>> COUNT_SHIFT) + 1) << COUNT_SHIFT) | (first + 1)
      if (Atomics.compareExchange(control, Word.published, latest, own) === latest) return own >>> COUNT_SHIFT
    }
  }

  return { write, longestLine }
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
  Atomics.add(control, Word.wake, 1)
  Atomics.notify(control, Word.wake)
}

function freeRecord(headers: Int32Array, first: number): void {
  for (let block = first; block !== NONE;) {
    const more = moreOf(headers, block)
    Atomics.store(headers, block * HEADER_WORDS + Header.claimed, 0)
    block = more
  }
}

function moreOf(headers: Int32Array, block: number): number {
  return Atomics.load(headers, block * HEADER_WORDS + Header.more) - 1
}

interface Parts {
  readonly control: Int32Array
  readonly blocks: number
  readonly headers: Int32Array
  readonly bytes: Buffer
}

function partsOf(memory: SharedArrayBuffer): Parts {
  const blocks = (memory.byteLength - CONTROL_BYTES) / (BLOCK_BYTES + HEADER_WORDS * WORD_BYTES)
  const headers = new Int32Array(memory, CONTROL_BYTES, blocks * HEADER_WORDS)
  const bytes = Buffer.from(memory, CONTROL_BYTES + headers.byteLength)
  return { control: controlOf(memory), blocks, headers, bytes }
}
