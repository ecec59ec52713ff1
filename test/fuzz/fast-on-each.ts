import fc from 'fast-check'

/** What a run of this project has to survive, for each parser and filter. */
const INPUTS = 100_000
/** Of processor time: a machine that is busy with something else does not count against it. */
const MOST_MS = 5
const TRIES = 20

/**
 * Runs a function on 100,000 inputs. It may throw for none of them, and may need more than 5 ms for none: an input that
 * seemed to is run again, and the least processor time of all runs counts.
 *
 * @param inputs random ones, the same in each run of the tests
 * @param run what is tried
 */
export function expectFastOnEach<T>(inputs: fc.Arbitrary<T>, run: (input: T) => void): void {
  fc.assert(
    fc.property(inputs, (input) => {
      const started = performance.now()
      run(input)
      if (performance.now() - started <= MOST_MS) return
      const leastMs = Math.min(...Array.from({ length: TRIES }, () => processorMs(() => run(input))))
      if (leastMs > MOST_MS) throw new Error(`needs ${leastMs} ms`)
    }),
    { numRuns: INPUTS, seed: 20_261_124 },
  )
}

function processorMs(run: () => void): number {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
