import type { Contender } from '../contender.ts'
import { interleave } from '../interleave.ts'
import type { Laboratory } from '../laboratory.ts'
import { runProgramAfresh, type Sample } from '../run-program.ts'
import type { Line } from '../section.ts'
import { type Estimate, estimate } from '../statistics.ts'

const ROUNDS = 5
const SECONDS = 10
const ONE_IN = 1000

/** What half a second of a program says of its event loop. */
interface DelayWindow {
  /** How many delays were seen. */
  readonly count: number
  /** The longest of them, in milliseconds. */
  readonly longest: readonly number[]
}

/**
 * How much longer the longest delays of the event loop are, one in a thousand, than without a preload. A hundred windows
 * of half a second of each are set beside each other; the interval is that of windows drawn from them.
 *
 * @param bare the program without a preload
 * @param contenders the same program with one; `every` is heeded
 * @returns milliseconds, by id
 */
export function measureEventLoopDelay(
  laboratory: Laboratory,
  line: Line,
  bare: Contender,
  contenders: readonly Contender[],
): ReadonlyMap<string, Estimate> {
  const longer = (contender: Contender): Contender => ({ ...contender, args: [String(SECONDS)] })
  const windows = new Map<string, DelayWindow[][]>()
  interleave(
    [bare, ...contenders].map(longer),
    laboratory.rounds(ROUNDS),
    laboratory.random,
    (contender) => {
      const sample = runProgramAfresh(line.binary, contender, laboratory.folder)
      windows.set(contender.id, [...(windows.get(contender.id) ?? []), windowsOf(sample)])
      return sample
    },
    false,
  )
  const baseline = (windows.get(bare.id) ?? []).flat()
  return new Map(contenders.map(({ id }) => [id, addedDelay((windows.get(id) ?? []).flat(), baseline)]))
}

function windowsOf(sample: Sample): DelayWindow[] {
  const numbers = Object.entries(sample)
  return numbers
    .filter(([name]) => name.startsWith('count-'))
    .map(([name, count]) => {
      const own = name.replace('count', 'long')
      return { count, longest: numbers.filter(([other]) => other.startsWith(`${own}-`)).map(([, ms]) => ms) }
    })
}

/** By windows of the same rank, as far as both have them. */
export function addedDelay(own: readonly DelayWindow[], baseline: readonly DelayWindow[]): Estimate {
  const pairs = own.slice(0, baseline.length).map((window, index) => [window, baseline[index]!] as const)
  return estimate(
    pairs,
    (drawn) => longDelay(drawn.map(([window]) => window)) - longDelay(drawn.map(([, other]) => other)),
  )
}

/** The delay that one in a thousand exceeds. */
function longDelay(windows: readonly DelayWindow[]): number {
  const count = windows.reduce((sum, window) => sum + window.count, 0)
  const longest = Float64Array.from(windows.flatMap((window) => window.longest)).sort()
  return longest[longest.length - 1 - Math.floor(count / ONE_IN)] ?? Number.NaN
}
