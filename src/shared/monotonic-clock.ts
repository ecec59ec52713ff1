// As it was when the agent was loaded: test runners put a fake one in its place.
const clock = process.hrtime.bigint
const NANOSECONDS = 1e6

/**
 * Milliseconds, with fractions, of a clock that only goes forward and that all threads of the process share.
 * `performance` would load ten modules of Node in a process that does not use it.
 */
export function monotonicMs(): number {
  return Number(clock()) / NANOSECONDS
}
