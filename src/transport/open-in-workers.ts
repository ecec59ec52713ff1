import { monotonicMs } from '../shared/monotonic-clock.ts'
import { Word } from './control-block.ts'

/**
 * When the main thread ends the process, Node stops its worker threads without a listener being called there. But they
 * run for as long as listeners of the main thread do, so it asks them first to end the spans that are open in them.
 */

/** Of what the end of the process may take: a worker that does not answer is busy, and delivery has to follow. */
const SHARE_OF_EXIT = 1 / 4

/** Counts a span that a worker thread has begun. */
export function openedInWorker(control: Int32Array): void {
  Atomics.add(control, Word.openInWorkers, 1)
}

/** Counts one that it has handed over, or has no use for any more. */
export function closedInWorker(control: Int32Array): void {
  Atomics.sub(control, Word.openInWorkers, 1)
}

/** Whether a worker thread has begun spans that it has not handed over; it may have been terminated since. */
export function hasOpenInWorkers(control: Int32Array): boolean {
  return Atomics.load(control, Word.openInWorkers) > 0 && Atomics.load(control, Word.endAsked) === 0
}

/**
 * Waits, in a worker thread, to be asked by the main thread. It does not keep the worker alive.
 *
 * @param control control block of the queue
 * @param endOpen ends the spans that are still open, and hands them over; must not throw
 */
export function watchProcessEnd(control: Int32Array, endOpen: () => void): void {
  const asked = Atomics.waitAsync(control, Word.endAsked, 0)
  if (!asked.async) return
  void asked.value.then(() => {
    endOpen()
    Atomics.add(control, Word.endAnswered, 1)
    Atomics.notify(control, Word.endAnswered)
  })
}

/**
 * Has the worker threads end their open spans, and waits until they have: for a turn of their event loops, and a quarter of
 * the time at most. What is open all the same was open in a thread that is busy, or was terminated before, and is counted as lost. For
 * the main thread, once.
 *
 * @param control control block of the queue
 * @param mostMs most milliseconds that the end of the process may wait
 */
export function endInWorkers(control: Int32Array, mostMs: number): void {
  if (!hasOpenInWorkers(control)) return
  Atomics.store(control, Word.endAsked, 1)
  // Those that wait and still live: one that was terminated waits no more.
  const asked = Atomics.notify(control, Word.endAsked)
  const deadline = monotonicMs() + mostMs * SHARE_OF_EXIT
  for (;;) {
    const answered = Atomics.load(control, Word.endAnswered)
    const left = deadline - monotonicMs()
    if (answered >= asked || left <= 0) break
    Atomics.wait(control, Word.endAnswered, answered, left)
  }
  Atomics.add(control, Word.droppedInWorkers, Math.max(0, Atomics.load(control, Word.openInWorkers)))
}
