/**
 * The clocks as they were when the agent was loaded: test runners replace `Date` and `performance` with fake ones, and
 * a span's time is real all the same.
 */
const realPerformance = performance
const realPerformanceNow: () => number = performance.now
const RealDate: DateConstructor = Date

/** Milliseconds of a clock that only goes forward. */
export function monotonicNow(): number {
  return realPerformanceNow.call(realPerformance)
}

/** What to add to {@link monotonicNow} to have milliseconds since 1970, according to the wall clock of this moment. */
export function epochNow(): number {
  return RealDate.now() - monotonicNow()
}
