import { differences, type Estimate, estimateMedian, median } from './statistics.ts'
import type { Timings } from './start-up.ts'
import { added, alignedTable } from './table.ts'
import type { Variant } from './variants.ts'

/** One line of the table: medians in milliseconds, and what they are over the baseline of the variant. */
export interface StartUpRow {
  readonly id: string
  readonly title: string
  readonly wall: number
  readonly wallAdded: Estimate
  readonly ratio: number
  readonly done: number
  readonly doneAdded: Estimate
  /** What is added between the end of the application's work and the end of the process. */
  readonly exitAdded: Estimate
}

/** Compares each variant with its baseline, round by round. */
export function compareStartUp(
  variants: readonly Variant[],
  timings: ReadonlyMap<string, Timings>,
): readonly StartUpRow[] {
  const timingsOf = (id: string): Timings => {
    const found = timings.get(id)
    if (!found) throw new Error(`nothing was measured of ${id}`)
    return found
  }
  return variants.map(({ id, title, baseline }) => {
    const own = timingsOf(id)
    const other = timingsOf(baseline)
    return {
      id,
      title,
      wall: median(own.wall),
      wallAdded: estimateMedian(differences(own.wall, other.wall)),
      ratio: median(own.wall) / median(other.wall),
      done: median(own.done),
      doneAdded: estimateMedian(differences(own.done, other.done)),
      exitAdded: estimateMedian(
        differences(differences(own.wall, own.done), differences(other.wall, other.done)),
      ),
    }
  })
}

const HEADINGS = [
  'whole process',
  'wall ms',
  'added [95%]',
  'ratio',
  'work done ms',
  'added [95%]',
  'at exit [95%]',
]

/** The lines of the table, aligned. */
export function startUpTable(rows: readonly StartUpRow[]): string {
  const lines = rows.map((row) => [
    row.title,
    row.wall.toFixed(1),
    added(row.wallAdded),
    row.ratio.toFixed(3),
    row.done.toFixed(1),
    added(row.doneAdded),
    added(row.exitAdded),
  ])
  return alignedTable([HEADINGS, ...lines])
}
