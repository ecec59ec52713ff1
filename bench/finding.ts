import type { Estimate } from './statistics.ts'

/** One number of one contender on one Node line. */
export interface Finding {
  /** What was measured; one table for each. */
  readonly table: string
  /** Major version of Node. */
  readonly node: number
  /** Whose number it is: a line of the table. */
  readonly subject: string
  readonly unit: Unit
  readonly estimate: Estimate
  /** What is expected of this agent: at most so much. */
  readonly most?: number
}

/** How a number is written: `+ms` and `+MB` are differences, `x` a ratio. */
export type Unit = 'ms' | '+ms' | 'ns' | 'µs' | 'x' | 'MB' | '+MB' | '%' | 'kB' | 'count'

/** Points of one contender, joined by a line. */
export interface Curve {
  /** The picture it is drawn into. */
  readonly chart: string
  readonly label: string
  readonly points: readonly (readonly [x: number, y: number])[]
}

/** What a section found on one Node line. */
export interface Findings {
  readonly findings: readonly Finding[]
  readonly curves?: readonly Curve[]
}

/** Writes findings of one Node line. */
export type Finder = (
  table: string,
  subject: string,
  unit: Unit,
  estimate: Estimate,
  most?: number,
) => Finding

/** Makes a finder for a major version of Node. */
export function finderFor(node: number): Finder {
  return (table, subject, unit, estimate, most) => ({
    table,
    node,
    subject,
    unit,
    estimate,
    ...(most === undefined ? undefined : { most }),
  })
}
