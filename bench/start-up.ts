import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import type { ModuleKind } from './install-applications.ts'
import { type Random, shuffled } from './statistics.ts'
import type { Variant } from './variants.ts'

/** What was measured of one variant: one entry a round, in milliseconds. */
export interface Timings {
  /** From the start of the process to its end, seen from outside. */
  readonly wall: number[]
  /** Until the application's own work was done, counted by the process itself. */
  readonly done: number[]
}

const MOST_MS = 30_000

/**
 * Runs whole processes in rounds: each round runs every variant once, in an order of its own, so that whatever else the
 * machine does falls on all of them. The first round warms the file cache and is not counted.
 *
 * @param binary the Node to run
 * @returns timings by the id of the variant
 * @throws Error if a process fails, or says something it should not
 */
export function measureStartUp(
  binary: string,
  kind: ModuleKind,
  variants: readonly Variant[],
  rounds: number,
  random: Random,
): ReadonlyMap<string, Timings> {
  const timings = new Map(variants.map(({ id }) => [id, { wall: [], done: [] } as Timings]))
  for (let round = 0; round <= rounds; round++) {
    for (const variant of shuffled(variants, random)) {
      const { wall, done } = runOnce(binary, kind, variant)
      if (round === 0) continue
      timings.get(variant.id)?.wall.push(wall)
      timings.get(variant.id)?.done.push(done)
    }
  }
  return timings
}

function runOnce(binary: string, kind: ModuleKind, variant: Variant): { wall: number; done: number } {
  const flag = kind === 'cjs' ? '--require' : '--import'
  const preload = variant.preload === undefined ? [] : [flag, variant.preload]
  const start = process.hrtime.bigint()
  const { status, output, error } = spawnSync(binary, [...preload, variant.application], {
    cwd: dirname(variant.application),
    env: variant.env,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: MOST_MS,
  })
  const wall = Number(process.hrtime.bigint() - start) / 1e6
  if (error) throw error
  const done = Number.parseFloat(output[3] ?? '')
  const said = output[2] ?? ''
  if (status !== 0 || Number.isNaN(done) || (said !== '' && !variant.talks))
    throw new Error(`${binary}, ${kind}, ${variant.title}: code ${status}; it said: ${said || 'nothing'}`)
  return { wall, done }
}
