import type { getHeapStatistics } from 'node:v8'
import { monotonicMs } from '../shared/monotonic-clock.ts'
import { Word } from './control-block.ts'

/** Says how this thread is, for as long as it makes spans. */
export interface VitalSigns {
  /** A span was made. */
  spanMade(): void
}

/** How this thread was since the last look. */
export interface VitalSignsSeen {
  /** Largest part of its limit that the heap filled, 0 to 1; undefined where no thread has said. */
  readonly heap: number | undefined
  /** How late timers were at most, in milliseconds, a delay that still lasts included. */
  readonly loopDelay: number
}

const BEAT_MS = 200
/** So many beats after the last span it goes silent, unless it is waited for. */
const BEATS_WITHOUT_SPANS = 50
const PERMILLE = 1000
/** V8 adds its young generation to `--max-old-space-size`; a process runs out of memory without filling both. */
const YOUNG_BYTES = 48 * 1024 * 1024
const POSITIVE = 0x7fff_ffff
// As they were when the agent was loaded: test runners put fake ones in their place.
const every = setInterval
const stop = clearInterval

/**
 * Prepares the signs of an application thread. A timer runs only while spans are made, and for as long as the export
 * thread holds the sampling rate down, which has to learn when it may let go; it keeps no process alive. Five times a
 * second it asks V8 for the heap and stores three numbers: microseconds.
 *
 * @param control control block of the queue
 */
export function createVitalSigns(control: Int32Array): VitalSigns {
  let timer: NodeJS.Timeout | undefined
  let due = 0
  let beats = 0
  let lastSpan = 0
  let heapStatistics: typeof getHeapStatistics | undefined

  function beat(): void {
    const now = Math.trunc(monotonicMs())
    storeLargest(control, Word.loopDelay, now - due)
    expectNext(now)
    heapStatistics ??= loadHeapStatistics()
    const { used_heap_size: used, heap_size_limit: limit } = heapStatistics()
    const old = limit > 2 * YOUNG_BYTES ? limit - YOUNG_BYTES : limit
    storeLargest(control, Word.heapUse, Math.round((used / old) * PERMILLE))
    if (++beats - lastSpan < BEATS_WITHOUT_SPANS || Atomics.load(control, Word.loadBound) !== 0) return
    stop(timer)
    timer = undefined
    Atomics.store(control, Word.beat, 0)
  }

  function expectNext(now: number): void {
    Atomics.store(control, Word.beat, now & POSITIVE)
    due = now + BEAT_MS
  }

  return {
    spanMade() {
      lastSpan = beats
      if (timer) return
      // V8 is asked at the first beat: the call that has just ended need not wait for what that loads.
      expectNext(Math.trunc(monotonicMs()))
      timer = every(beat, BEAT_MS)
      timer.unref()
    },
  }
}

/** Takes the signs since the last look, of all application threads; called by the export thread. */
export function takeVitalSigns(control: Int32Array): VitalSignsSeen {
  const heap = Atomics.exchange(control, Word.heapUse, 0) / PERMILLE || undefined
  const late = Atomics.exchange(control, Word.loopDelay, 0)
  const last = Atomics.load(control, Word.beat)
  const silent = last === 0 ? 0 : ((Math.trunc(monotonicMs()) & POSITIVE) - last - BEAT_MS) & POSITIVE
  // A beat that came between the two reads of the clock.
  return { heap, loopDelay: Math.max(late, silent > POSITIVE / 2 ? 0 : silent) }
}

/** Not before the first span, as it brings the streams of Node with it: 2 MB. */
function loadHeapStatistics(): typeof getHeapStatistics {
  return process.getBuiltinModule('node:v8').getHeapStatistics
}

function storeLargest(control: Int32Array, word: number, value: number): void {
  if (value > Atomics.load(control, word)) Atomics.store(control, word, value)
}
