import { Word } from './control-block.ts'

const clock = process.hrtime.bigint

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
