import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import type { ModuleKind } from './install-applications.ts'
import { differences, type Estimate, estimateMedian, type Random, shuffled } from './statistics.ts'
import { added, alignedTable } from './table.ts'
import type { Variant } from './variants.ts'

/** What a preload adds to the empty one, counted inside the process, in milliseconds. */
export interface PreloadRow {
  readonly id: string
  readonly title: string
  /** While the preload itself is loaded and run. */
  readonly preloadAdded: Estimate
  /** From there until the application, which does nothing, has run. */
  readonly applicationAdded: Estimate
  readonly bothAdded: Estimate
}

interface Times {
  readonly preload: number[]
  readonly application: number[]
  readonly both: number[]
}

const MOST_MS = 30_000

/**
 * Measures preloads between two marks, which are preloads themselves: what Node takes to start, by far the larger and
 * more restless part of the whole process, is left out. So a millisecond can be told apart on a busy machine.
 *
 * @param variants the first is the baseline
 */
export function measurePreloads(
  binary: string,
  kind: ModuleKind,
  variants: readonly Variant[],
  rounds: number,
  random: Random,
): readonly PreloadRow[] {
  const times = new Map(variants.map(({ id }) => [id, { preload: [], application: [], both: [] } as Times]))
  for (let round = 0; round <= rounds; round++) {
    for (const variant of shuffled(variants, random)) {
      const { preload, application } = runMarked(binary, kind, variant)
      const own = times.get(variant.id)
      if (round === 0 || !own) continue
      own.preload.push(preload)
      own.application.push(application)
      own.both.push(preload + application)
    }
  }
  const added = (part: keyof Times, id: string): Estimate =>
    estimateMedian(differences(times.get(id)?.[part] ?? [], times.get(variants[0]?.id ?? '')?.[part] ?? []))
  return variants.slice(1).map(({ id, title }) => ({
    id,
    title,
    preloadAdded: added('preload', id),
    applicationAdded: added('application', id),
    bothAdded: added('both', id),
  }))
}

const HEADINGS = ['inside the process', 'preload added [95%]', 'application added [95%]', 'both added [95%]']

/** The lines of the table, aligned. */
export function preloadTable(rows: readonly PreloadRow[]): string {
  const lines = rows.map((row) => [
    row.title,
    ...[row.preloadAdded, row.applicationAdded, row.bothAdded].map((estimate) => added(estimate, 2)),
  ])
  return alignedTable([HEADINGS, ...lines])
}

function runMarked(
  binary: string,
  kind: ModuleKind,
  variant: Variant,
): { preload: number; application: number } {
  const [flag, extension] = kind === 'cjs' ? ['--require', 'cjs'] : ['--import', 'mjs']
  const mark = (name: string): string => join(import.meta.dirname, 'preloads', `mark-${name}.${extension}`)
  const preloads = [mark('before'), variant.preload ?? '', mark('after')].flatMap((file) => [flag, file])
  const { status, output, error } = spawnSync(binary, [...preloads, variant.application], {
    cwd: dirname(variant.application),
    env: variant.env,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: MOST_MS,
  })
  if (error) throw error
  const [preload, marked, done] = (output[3] ?? '').split(' ').map(Number)
  if (status !== 0 || preload === undefined || marked === undefined || !done)
    throw new Error(`${binary}, ${kind}, ${variant.title}: code ${status}; it said: ${output[2]}`)
  return { preload, application: done - marked }
}
