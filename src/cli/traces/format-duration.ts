const SECOND = 1000
const MINUTE = 60_000

/**
 * A duration for people: `480 µs`, `12.3 ms`, `4.56 s`, `2 min 5 s`.
 *
 * @param milliseconds with fractions
 */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 0.1) return `${Math.round(milliseconds * 1000)} µs`
  if (milliseconds < SECOND) return `${milliseconds.toFixed(1)} ms`
  if (milliseconds < MINUTE) return `${(milliseconds / SECOND).toFixed(2)} s`
  const seconds = Math.round(milliseconds / SECOND)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
