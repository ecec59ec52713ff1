/** A number and the interval its true value lies in with 95% confidence. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Numbers from 0 (inclusive) to 1, as `Math.random` makes them. */
export type Random = () => number

const RESAMPLES = 2000
const TAIL = 0.025

/**
 * The value in the middle; of an even count, the mean of the two in the middle.
 *
 * @throws RangeError if there are no values
 */
export function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5)
}

/** What each round of a variant took over the same round of another. */
export function differences(values: readonly number[], baseline: readonly number[]): number[] {
  if (values.length !== baseline.length)
    throw new RangeError(`${values.length} rounds cannot be paired with ${baseline.length}`)
  return values.map((value, round) => value - (baseline[round] ?? Number.NaN))
}

/**
 * The median with its bootstrap interval: the medians of many samples drawn from the values with replacement, without
 * the outermost 2.5% on each side.
 *
 * @param random where the draws come from
 */
export function estimateMedian(values: readonly number[], random: Random = seededRandom(1)): Estimate {
  const sample = new Float64Array(values.length)
  const medians = Float64Array.from({ length: RESAMPLES }, () => {
    for (let at = 0; at < sample.length; at++)
      sample[at] = values[Math.floor(random() * values.length)] ?? Number.NaN
    return quantile(sample.sort(), 0.5)
  }).sort()
  return { value: median(values), low: quantile(medians, TAIL), high: quantile(medians, 1 - TAIL) }
}

/**
 * Any number made of many values, with its bootstrap interval.
 *
 * @param values what is drawn from, such as the rounds of a comparison
 * @param statistic makes the number
 */
export function estimate<T>(
  values: readonly T[],
  statistic: (values: readonly T[]) => number,
  random: Random = seededRandom(1),
): Estimate {
  const resampled = Float64Array.from({ length: RESAMPLES }, () =>
    statistic(values.map(() => values[Math.floor(random() * values.length)] as T)),
  ).sort()
  return { value: statistic(values), low: quantile(resampled, TAIL), high: quantile(resampled, 1 - TAIL) }
}

/** A number without an interval: what was counted, not measured. */
export function exactly(value: number): Estimate {
  return { value, low: value, high: value }
}

/**
 * Random numbers that are the same in every run (mulberry32).
 *
 * @param seed any whole number
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A new order of the same values, each order equally likely. */
export function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values
    .map((value) => ({ value, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ value }) => value)
}

/** Interpolated between neighbours. */
function quantile(sorted: Float64Array, fraction: number): number {
  const position = (sorted.length - 1) * fraction
  const below = sorted[Math.floor(position)]
  const above = sorted[Math.ceil(position)]
  if (below === undefined || above === undefined) throw new RangeError('no values')
  return below + (above - below) * (position - Math.floor(position))
}
