/**
 * The clocks as they were when the agent was loaded: test runners replace `Date` and `process.hrtime` with fake ones, and
 * a span's time is real all the same. `performance` would do as well, but the first use of it loads 10 modules of Node
 * and a megabyte, which an application may never need.
 */
const realHrtime: () => [number, number] = process.hrtime
const RealDate: DateConstructor = Date
const MS_PER_SECOND = 1000
const NS_PER_MS = 1e6

/** Milliseconds of a clock that only goes forward. */
export function monotonicNow(): number {
  const [seconds, nanoseconds] = realHrtime()
  return seconds * MS_PER_SECOND + nanoseconds / NS_PER_MS
}

/**
 * What to add to {@link monotonicNow} to have milliseconds since 1970, according to the wall clock of this moment.
 *
 * @param now by {@link monotonicNow}, where it was read just now
 */
export function epochNow(now: number = monotonicNow()): number {
  return RealDate.now() - now
}
