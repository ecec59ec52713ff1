import { parseArgs } from 'node:util'

/** What is measured, and how thoroughly. */
export interface BenchOptions {
  /** Names of sections; undefined: all. */
  readonly only: readonly string[] | undefined
  /** Major versions of Node; undefined: all there are. */
  readonly majors: readonly number[] | undefined
  /** Share of the full number of rounds and seconds. */
  readonly effort: number
  /** Whether docs/PERFORMANCE.md and its pictures are written: a run that leaves something out does not. */
  readonly write: boolean
  /** Where the raw numbers are written. */
  readonly json: string | undefined
  readonly help: boolean
}

export const USAGE = `npm run bench -- [options]

  --only a,b      only these sections (SECTIONS)
  --node 20,22    only these Node lines (all)
  --effort N      share of the full number of rounds and seconds (1)
  --quick         the same as --effort 0.05, on the Node that runs the bench
  --json FILE     write the raw numbers as well

Without options it measures everything and writes docs/PERFORMANCE.md.
`

const QUICK_EFFORT = 0.05

/**
 * Reads the command line.
 *
 * @throws TypeError for an unknown option, RangeError for a value that cannot be used
 */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      node: { type: 'string' },
      effort: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const quickMajors = values.quick ? [Math.trunc(Number.parseFloat(process.versions.node))] : undefined
  const effort = values.effort === undefined ? (values.quick ? QUICK_EFFORT : 1) : share(values.effort)
  return {
    only: values.only?.split(','),
    majors: values.node?.split(',').map(major) ?? quickMajors,
    effort,
    write: values.only === undefined && values.node === undefined && effort === 1,
    json: values.json,
    help: values.help,
  }
}

function major(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`--node ${text}: expected major versions such as 20,22`)
  return value
}

function share(text: string): number {
  const value = Number(text)
  if (!(value > 0 && value <= 1)) throw new RangeError(`--effort ${text}: expected a number above 0, up to 1`)
  return value
}
