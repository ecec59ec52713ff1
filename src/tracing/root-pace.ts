import { monotonicNow } from './clock.ts'
import { wrappedSince } from './wrapped-since.ts'

const FIRST_RATE = 0.1
const LOWEST_RATE = 0.01
const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const BURST_FACTOR = 10
/** What is taken for the load falls to this share in a minute at most, and a burst to that in a second. */
const SLOWEST_MINUTE = 1 / 4
const SLOWEST_SECOND = 0.8
const MILLION = 1_000_000
const HUNDRED = 100
const LARGEST = 2 ** 31 - 1

/** What the threads share; times in milliseconds, counts modulo 2^32. */
const Cell = {
  /** Root calls, and those of them that were sampled. */
  roots: 0,
  sampled: 1,
  /** When the second began that is measured, and the counts then. Who moves the time on does what is due at its end. */
  secondStart: 2,
  secondRoots: 3,
  secondSampled: 4,
  /** The same for the minute. */
  minuteStart: 5,
  minuteRoots: 6,
  minuteSampled: 7,
  minuteSpans: 8,
  /** Root calls a second, in hundredths; 0 until the first minute is over. */
  load: 9,
  /** The same of a burst that is more than the load; 0: none. It is no part of the minute. */
  burst: 10,
  burstStart: 11,
  /** In hundredths. */
  spansPerRoot: 12,
  /** In millionths. */
  rate: 13,
} as const

/** How many words the threads share. */
export const ROOT_PACE_WORDS = 14

/** The sampling rate that the threads of a process find together. */
export interface RootPace {
  /** The rate in force, 0 to 1. */
  readonly rate: number
  /**
   * Adds what a thread has done since it last did, and corrects the rate when that is due.
   *
   * @param roots calls without a parent
   * @param sampled those of them that are recorded
   * @returns the rate in force
   */
  count(roots: number, sampled: number): number
}

/** How the rate is found. */
export interface RootPaceOptions {
  /** Sampled roots a second that are aimed at, of all threads together. */
  readonly targetPerSecond: number
  /** The rate never goes above this, 0 to 1. */
  readonly mostRate: number
  /** {@link ROOT_PACE_WORDS} words that the threads share, zero at first; left out: there is one thread. */
  readonly words?: Int32Array | undefined
  /** How many spans the process has made, descendants included, modulo 2^32. */
  readonly spansMade?: () => number
  /** How many spans a minute the process may make, descendants included; 0: not known. */
  readonly spanBudget?: () => number
  /** Milliseconds of a clock that only goes forward and that the threads share. */
  readonly now?: () => number
}

/**
 * Finds the rate from the load: root calls a second, of all threads together. It follows a load that rises at the end of
 * each minute, and at once when a second brings ten times the target; a load that falls it follows slowly, so that what
 * comes and goes does not swing the rate. Where the spans of a trace are so many that the budget would be exceeded, fewer
 * roots are sampled, as a trace that is cut by a limit is worth little. Before the first minute of the process is over,
 * the rate is never above the first one, and below it for a burst or a budget.
 *
 * No thread waits for another: the one that moves a start time on corrects, and one that is stopped in the middle leaves
 * a figure that is wrong until the next correction.
 */
export function createRootPace(options: RootPaceOptions): RootPace {
  const { targetPerSecond, mostRate, words = new Int32Array(ROOT_PACE_WORDS) } = options
  const { now = monotonicNow, spansMade = () => 0, spanBudget = () => 0 } = options
  const lowest = Math.min(LOWEST_RATE, mostRate)
  const first = Math.min(FIRST_RATE, mostRate)
  const get = (cell: number): number => Atomics.load(words, cell)
  const set = (cell: number, value: number): number => Atomics.store(words, cell, value)

  const begun = Math.trunc(now()) || 1
  if (moveOn(Cell.minuteStart, 0, begun)) {
    nextMinute()
    set(Cell.secondStart, begun)
    setRate(first)
  }

  function count(roots: number, sampled: number): number {
    Atomics.add(words, Cell.roots, roots)
    if (sampled > 0) Atomics.add(words, Cell.sampled, sampled)
    const time = Math.trunc(now())
    lookAtSecond(time, sampled > 0)
    const start = get(Cell.minuteStart)
    const elapsed = wrappedSince(start, time)
    if (elapsed >= MINUTE_MS && moveOn(Cell.minuteStart, start, time)) endMinute(elapsed)
    return rate()
  }

  function lookAtSecond(time: number, anySampled: boolean): void {
    const start = get(Cell.secondStart)
    const elapsed = wrappedSince(start, time)
    const over = elapsed >= SECOND_MS
    if (!over && !(anySampled && isBurst())) return
    if (!moveOn(Cell.secondStart, start, time)) return
    const roots = get(Cell.roots)
    const callsInIt = difference(Cell.secondRoots, roots)
    set(Cell.secondRoots, roots)
    set(Cell.secondSampled, get(Cell.sampled))
    if (over) endSecond(callsInIt, elapsed, time)
    else burstOf(callsInIt, elapsed, time)
  }

  function isBurst(): boolean {
    return difference(Cell.secondSampled, get(Cell.sampled)) >= BURST_FACTOR * aim()
  }

  /** Whether it was this thread that moved it on. */
  function moveOn(cell: number, from: number, to: number): boolean {
    return Atomics.compareExchange(words, cell, from, to) === from
  }

  function endMinute(elapsed: number): void {
    const measured = callsInMinute(elapsed)
    setCalls(Cell.load, Math.max(measured, calls(Cell.load) * SLOWEST_MINUTE ** (elapsed / MINUTE_MS)))
    countSpansPerRoot()
    nextMinute()
    correct()
  }

  function nextMinute(): void {
    set(Cell.minuteRoots, get(Cell.roots))
    set(Cell.minuteSampled, get(Cell.sampled))
    set(Cell.minuteSpans, spansMade())
  }

  function burstOf(callsInIt: number, elapsed: number, time: number): void {
    if (get(Cell.burst) === 0) set(Cell.burstStart, time)
    leaveOutOfMinute(callsInIt, elapsed)
    setCalls(Cell.burst, perSecond(callsInIt, elapsed))
    correct()
  }

  function endSecond(callsInIt: number, elapsed: number, time: number): void {
    const burst = calls(Cell.burst)
    if (burst === 0) {
      if (get(Cell.load) === 0) keepFirstMinuteWithinBudget(time)
      return
    }
    leaveOutOfMinute(callsInIt, elapsed)
    const faded = burst * SLOWEST_SECOND ** (elapsed / SECOND_MS)
    setCalls(Cell.burst, Math.max(faded, perSecond(callsInIt, elapsed)))
    // What lasts is no burst but the load.
    if (wrappedSince(get(Cell.burstStart), time) >= MINUTE_MS) {
      set(Cell.load, get(Cell.burst))
      set(Cell.minuteStart, time)
      nextMinute()
    }
    correct()
  }

  function leaveOutOfMinute(callsInIt: number, elapsed: number): void {
    Atomics.add(words, Cell.minuteStart, elapsed)
    Atomics.add(words, Cell.minuteRoots, callsInIt)
  }

  /** Others, or processes before this one, may have left little of the budget: a minute of the first rate may be too much. */
  function keepFirstMinuteWithinBudget(time: number): void {
    countSpansPerRoot()
    const budget = rootBudget()
    if (budget === 0) return
    const measured = callsInMinute(wrappedSince(get(Cell.minuteStart), time))
    setRate(Math.min(first, Math.max(lowest, budget / measured)))
  }

  function countSpansPerRoot(): void {
    const sampled = difference(Cell.minuteSampled, get(Cell.sampled))
    const spans = difference(Cell.minuteSpans, spansMade())
    if (sampled > 0) set(Cell.spansPerRoot, Math.max(1, spans / sampled) * HUNDRED)
  }

  function callsInMinute(elapsed: number): number {
    return perSecond(difference(Cell.minuteRoots, get(Cell.roots)), elapsed)
  }

  /** How much a count is above what it was; never below 0, which another thread may make it look like. */
  function difference(before: number, current: number): number {
    return Math.max(0, (current - get(before)) | 0)
  }

  /** Sampled roots a second: the target, unless the budget allows less. */
  function aim(): number {
    const budget = rootBudget()
    return budget > 0 ? Math.min(targetPerSecond, budget) : targetPerSecond
  }

  /** Sampled roots a second that the budget of spans allows; 0: not known. */
  function rootBudget(): number {
    const spansPerRoot = Math.max(1, get(Cell.spansPerRoot) / HUNDRED)
    return (spanBudget() * SECOND_MS) / MINUTE_MS / spansPerRoot
  }

  function correct(): void {
    const load = calls(Cell.load)
    const steady = load > 0 ? load : targetPerSecond / FIRST_RATE
    if (calls(Cell.burst) <= steady) set(Cell.burst, 0)
    setRate(Math.min(mostRate, Math.max(lowest, aim() / Math.max(steady, calls(Cell.burst)))))
  }

  /** Calls a second. */
  function calls(cell: number): number {
    return get(cell) / HUNDRED
  }

  function setCalls(cell: number, callsASecond: number): void {
    set(cell, Math.min(LARGEST, Math.ceil(callsASecond * HUNDRED)))
  }

  function rate(): number {
    // Another thread may be about to begin.
    return get(Cell.rate) / MILLION || first
  }

  function setRate(changed: number): void {
    set(Cell.rate, Math.round(changed * MILLION))
  }

  return {
    count,
    get rate() {
      return rate()
    },
  }
}

function perSecond(count: number, elapsedMs: number): number {
  return (count * SECOND_MS) / Math.max(1, elapsedMs)
}
