import type { Findings } from './finding.ts'
import type { Laboratory } from './laboratory.ts'

/** A Node that is measured. */
export interface Line {
  readonly major: number
  /** Such as `22.23.3`. */
  readonly version: string
  readonly binary: string
}

/** One part of the bench, chosen on the command line by its name. */
export interface Section {
  readonly name: string
  measure(laboratory: Laboratory, line: Line): Findings | Promise<Findings>
}
