const FIRST_MS = 1000
const LARGEST_MS = 30_000

/**
 * The pause before the next try: exponential with full jitter, so that many processes do not come back together.
 *
 * @param failures how many tries in a row have failed, from 1
 * @param random a number from 0 to 1
 * @returns milliseconds
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(failures: number, random: number): number {
  return random * Math.min(LARGEST_MS, FIRST_MS * 2 ** (failures - 1))
}
