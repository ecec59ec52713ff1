import { Word } from './control-block.ts'

/** Who may bound the sampling rate of roots, each in a word of its own: the lowest bound holds. */
export type RateBound = 'breakerBound' | 'loadBound'

const MILLION = 1_000_000

/**
 * Sets a bound for all application threads of the process, or takes it back.
 *
 * @param control control block of the queue
 * @param rate 0 to 1, counted in millionths; undefined: no bound
 */
export function storeRateBound(control: Int32Array, word: RateBound, rate: number | undefined): void {
  Atomics.store(control, Word[word], rate === undefined ? 0 : Math.round(rate * MILLION) + 1)
}

/** The lowest bound in force, 0 to 1; 1 where there is none. */
export function loadRateBound(control: Int32Array): number {
  const breaker = Atomics.load(control, Word.breakerBound)
  const load = Atomics.load(control, Word.loadBound)
  if (breaker === 0 && load === 0) return 1
  const lowest = breaker === 0 ? load : load === 0 ? breaker : Math.min(breaker, load)
  return (lowest - 1) / MILLION
}
