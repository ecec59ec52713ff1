/** The numbers that all threads of the process share, beside the queue: single words, read and written by `Atomics`. */

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
  /** The first of the words of the sampling rate that the threads find together, see `tracing/root-pace.ts`. */
  rootPace: 42,
  /** The first of those that count the failed roots which are kept, see `tracing/error-quota.ts`. */
  errorQuota: 56,
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

/** Bytes of the control block, which the queue's memory begins with. */
export const CONTROL_BYTES = 320
const WORD_BYTES = 4
/** Of {@link Word.published}: where the count of records begins. */
export const COUNT_SHIFT = 16

/** The control block of a queue, indexed by {@link Word}. */
export function controlOf(memory: SharedArrayBuffer): Int32Array {
  return new Int32Array(memory, 0, CONTROL_BYTES / WORD_BYTES)
}

/** So many words of the control block from one on. */
export function wordsOf(control: Int32Array, first: number, count: number): Int32Array {
  return control.subarray(first, first + count)
}

/** How many spans wait in the queue. */
export function waitingSpans(control: Int32Array): number {
  return Atomics.load(control, Word.published) >>> COUNT_SHIFT
}

/** How many spans were written since the process began, modulo 2^32. */
export function spansWritten(control: Int32Array): number {
  return (waitingSpans(control) + Atomics.load(control, Word.taken)) | 0
}

/** Has everything that waits dropped, in the queue and behind it. */
export function discardWaiting(control: Int32Array): void {
  if (Atomics.exchange(control, Word.discard, 1) === 0) wakeReader(control)
}

/** Ends the reader's sleep. */
export function wakeReader(control: Int32Array): void {
  Atomics.add(control, Word.wake, 1)
  Atomics.notify(control, Word.wake)
}
