import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from '../test/support/repository.ts'
import { type GoogleCloudProcess, startGoogleCloudProcess } from './google-cloud.ts'
import { type InstalledAgent, installTarball } from './install-tarball.ts'
import { type Random, seededRandom } from './statistics.ts'

/** Where a program stands, by the package `zen` in its reach: none, a fixture, or one whose methods do nothing. */
export type Surroundings = 'plain' | 'zen-cjs' | 'zen-esm' | 'tiny'

/** Everything that is installed and running to be measured. */
export interface Laboratory {
  readonly agent: InstalledAgent
  readonly cloud: GoogleCloudProcess
  /** A temporary folder, outside the project, so that none of its `node_modules` is in reach. */
  readonly folder: string
  readonly random: Random
  /** The environment of a process that sends nothing: a path and a home. */
  readonly plain: Readonly<Record<string, string>>
  /** The same, with all that this agent and its peers need to deliver to this machine. */
  readonly delivering: Readonly<Record<string, string>>
  /** A share of the full number of rounds or seconds, at least one; smaller where the run would take too long. */
  effort(full: number): number
  /** A share of the full number of rounds that a comparison of a few milliseconds needs, however long it takes. */
  rounds(full: number): number
  /** Makes what follows shorter: 1 leaves it as it is. */
  setPace(pace: number): void
  /** The path of a program of `bench/programs`. */
  program(name: string, surroundings: Surroundings): string
  close(): void
}

/**
 * Installs what is measured and starts what it talks to.
 *
 * @param share of the full number of rounds, 0 to 1
 */
export async function openLaboratory(share: number): Promise<Laboratory> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'zen-telemetry-bench-')))
  for (const surroundings of ['plain', 'zen-cjs', 'zen-esm', 'tiny'] as const) layOut(folder, surroundings)
  let pace = 1
  const home = join(folder, 'home')
  mkdirSync(home)
  const agent = installTarball(join(folder, 'agent'))
  const cloud = await startGoogleCloudProcess()
  return {
    agent,
    cloud,
    folder,
    random: seededRandom(process.pid),
    plain: { PATH: process.env['PATH'] ?? '', HOME: home, ZEN_TELEMETRY_DIR: join(folder, 'state') },
    delivering: { ...cloud.environment, HOME: home, ZEN_TELEMETRY_DIR: join(folder, 'state') },
    effort: (full) => Math.max(1, Math.round(full * share * pace)),
    rounds: (full) => Math.max(1, Math.round(full * share)),
    setPace(changed) {
      pace = changed
    },
    program: (name, surroundings) => join(folder, surroundings, name),
    close() {
      cloud.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function layOut(folder: string, surroundings: Surroundings): void {
  const own = join(folder, surroundings)
  cpSync(join(import.meta.dirname, 'programs'), own, { recursive: true })
  if (surroundings === 'plain') return
  const zen =
    surroundings === 'tiny'
      ? join(import.meta.dirname, 'packages', 'zen')
      : join(repository, 'fixtures', 'packages', surroundings)
  cpSync(zen, join(own, 'node_modules', 'zen'), { recursive: true })
}
