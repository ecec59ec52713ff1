const RANGE = 2 ** 32
/** Another thread may have read the clock a little later than this one. */
const LITTLE_MS = 60_000

/**
 * Milliseconds from one time to another, as words of shared memory hold them: modulo 2^32, which is 49 days.
 *
 * @param start 32 bits
 * @param now the same clock, whole milliseconds
 * @returns 0 where the start is a little later
 */
export function wrappedSince(start: number, now: number): number {
  const elapsed = (now - start) >>> 0
  return elapsed > RANGE - LITTLE_MS ? 0 : elapsed
}
