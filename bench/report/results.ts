import type { Curve, Finding } from '../finding.ts'
import type { Line } from '../section.ts'

/** All of one run. */
export interface Results {
  /** The machine in one line. */
  readonly machine: string
  /** The commit that was measured, and the day. */
  readonly subject: string
  readonly lines: readonly Line[]
  readonly findings: readonly Finding[]
  /** Where that goes which missed its expectation. */
  readonly profiles: readonly Finding[]
  readonly curves: readonly Curve[]
  /** Sections that could not be measured, and why. */
  readonly failures: readonly string[]
  readonly minutes: number
}
