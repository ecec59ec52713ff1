import { waitingSpans, wakeReader, Word } from './control-block.ts'

/** The export thread takes lines 80 ms after they are written; on a machine that has no time for it, seconds. */
const HANG_MS = 10_000
/** Time to show that it only slept with the whole process, such as in a container that was paused. */
const CONFIRM_MS = 2000

/**
 * Watches by the spans themselves whether the export thread still takes them: no timer, no message.
 *
 * @param control control block of the queue
 * @returns to be called when a span was written, with milliseconds of a clock that only goes forward: true once the
 *   thread hangs
 */
export function createHangWatch(control: Int32Array): (time: number) => boolean {
  let taken = 0
  let stuckSince: number | undefined
  let suspectedAt: number | undefined

  return (time) => {
    const takenNow = Atomics.load(control, Word.taken)
    const waiting = waitingSpans(control)
    // The span that was just written may be the only one.
    if (takenNow !== taken || waiting <= 1) {
      taken = takenNow
      stuckSince = suspectedAt = undefined
      return false
    }
    stuckSince ??= time
    if (time - stuckSince < HANG_MS) return false
    if (suspectedAt === undefined) {
      suspectedAt = time
      wakeReader(control)
    }
    return time - suspectedAt >= CONFIRM_MS
  }
}
