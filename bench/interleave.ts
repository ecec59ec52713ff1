import type { Contender } from './contender.ts'
import type { Sample } from './run-program.ts'
import { type Estimate, estimateMedian, type Random, shuffled } from './statistics.ts'

/** What was measured in rounds, ready to be compared. */
export interface Rounds {
  /** The median of one measure. */
  median(id: string, measure: string): Estimate
  /** The median difference to another contender in the same round. */
  added(id: string, baseline: string, measure: string): Estimate
  /** The median ratio to another contender in the same round. */
  ratio(id: string, baseline: string, measure: string): Estimate
  /** The median of what a function makes of two samples of the same round. */
  compare(id: string, baseline: string, combine: (own: Sample, other: Sample) => number): Estimate
}

/**
 * Runs contenders in rounds, each round in an order of its own, so that whatever else the machine does falls on all of
 * them. The first round warms the file cache and is not counted.
 *
 * @param rounds how many are counted
 * @param run one run of one contender
 * @param warmUp false: no such round, for runs of many seconds
 */
export function interleave(
  contenders: readonly Contender[],
  rounds: number,
  random: Random,
  run: (contender: Contender) => Sample,
  warmUp = true,
): Rounds {
  const samples = new Map<string, Map<number, Sample>>(contenders.map(({ id }) => [id, new Map()]))
  for (let round = warmUp ? 0 : 1; round <= rounds; round++) {
    for (const contender of shuffled(contenders, random)) {
      if (round > 1 && (round - 1) % (contender.every ?? 1) !== 0) continue
      const sample = run(contender)
      if (round > 0) samples.get(contender.id)?.set(round, sample)
    }
  }
  return comparing(samples)
}

function comparing(samples: ReadonlyMap<string, ReadonlyMap<number, Sample>>): Rounds {
  function of(id: string): ReadonlyMap<number, Sample> {
    const found = samples.get(id)
    if (!found) throw new RangeError(`nothing was measured of ${id}`)
    return found
  }

  function compare(id: string, baseline: string, combine: (own: Sample, other: Sample) => number): Estimate {
    const others = of(baseline)
    const values: number[] = []
    for (const [round, own] of of(id)) {
      const other = others.get(round)
      if (other) values.push(combine(own, other))
    }
    return estimateMedian(values)
  }

  return {
    compare,
    median: (id, measure) => estimateMedian([...of(id).values()].map((sample) => numberIn(sample, measure))),
    added: (id, baseline, measure) =>
      compare(id, baseline, (own, other) => numberIn(own, measure) - numberIn(other, measure)),
    ratio: (id, baseline, measure) =>
      compare(id, baseline, (own, other) => numberIn(own, measure) / numberIn(other, measure)),
  }
}

function numberIn(sample: Sample, measure: string): number {
  const value = sample[measure]
  if (value === undefined) throw new RangeError(`no ${measure} among ${Object.keys(sample).join(', ')}`)
  return value
}
