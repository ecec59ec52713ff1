import { parseArgs } from 'node:util'

/** What is measured, and how thoroughly. */
export interface BenchOptions {
  readonly rounds: number
  /** Major versions of Node; undefined: all there are. */
  readonly majors: readonly number[] | undefined
  /** Where the raw numbers are written. */
  readonly json: string | undefined
  readonly help: boolean
}

export const USAGE = `npm run bench -- [options]

  --rounds N      rounds of the start-up comparison (30)
  --node 20,22    only these Node lines (all)
  --quick         5 rounds, on the Node that runs the bench
  --json FILE     write the raw numbers as well
`

const DEFAULT_ROUNDS = 30
const QUICK_ROUNDS = 5

/**
 * Reads the command line.
 *
 * @throws TypeError for an unknown option, RangeError for a value that cannot be used
 */
export function readBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string' },
      node: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  const quick = values.quick ? [Math.trunc(Number.parseFloat(process.versions.node))] : undefined
  return {
    rounds:
      values.rounds === undefined
        ? values.quick
          ? QUICK_ROUNDS
          : DEFAULT_ROUNDS
        : whole('rounds', values.rounds),
    majors: values.node?.split(',').map((major) => whole('node', major)) ?? quick,
    json: values.json,
    help: values.help,
  }
}

function whole(option: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`--${option} ${text}: expected a whole number from 1`)
  return value
}
