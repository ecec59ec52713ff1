import { monotonicMs } from '../shared/monotonic-clock.ts'
import { waitingSpans, wakeReader, Word } from './control-block.ts'
import { storeTimeLeft } from './time-left.ts'

/**
 * Asks the export thread to settle everything that was written, and blocks this thread until it has.
 *
 * @param control control block of the queue
 * @param timeoutMs most milliseconds to wait
 * @returns false if the time was not enough
 */
export function finishDelivery(control: Int32Array, timeoutMs: number): boolean {
  const deadline = monotonicMs() + timeoutMs
  storeTimeLeft(control, timeoutMs)
  const asked = Atomics.add(control, Word.finishAsked, 1) + 1
  Atomics.notify(control, Word.finishAsked)
  wakeReader(control)
  for (;;) {
    const answered = Atomics.load(control, Word.finishAnswered)
    if (answered >= asked) return true
    const left = deadline - monotonicMs()
    if (left <= 0) return false
    Atomics.wait(control, Word.finishAnswered, answered, left)
  }
}

/** How many spans that were written still wait for delivery. */
export function undelivered(control: Int32Array): number {
  // In this order: what moves on in between is counted twice then, and never missed.
  const waiting = waitingSpans(control)
  const taken = Atomics.load(control, Word.taken)
  return (waiting + taken - Atomics.load(control, Word.settled)) | 0
}

/** Whether anything that was written still waits for delivery. */
export function hasUndelivered(control: Int32Array): boolean {
  return undelivered(control) !== 0
}
