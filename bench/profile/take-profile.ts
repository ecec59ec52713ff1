import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import type { Laboratory } from '../laboratory.ts'
import { runProgram } from '../run-program.ts'
import type { Line } from '../section.ts'
import { partOfFrame } from './part-of-frame.ts'
import { readProfile, type Share } from './recorded-profile.ts'
import type { SourceOfBundle } from './source-of-bundle.ts'

const CPU_INTERVAL_MICROS = 200
const HEAP_INTERVAL_BYTES = 2048

/** Of what a profile speaks: milliseconds of work, or kilobytes that are held. */
export type ProfileKind = 'cpu' | 'heap'

/** Amounts by part, for each thread that worked. */
export type Profile = ReadonlyMap<string, ReadonlyMap<string, number>>

/**
 * Runs a program under V8's profiler.
 *
 * @param runs how often; amounts are those of a mean run
 */
export function takeProfile(
  laboratory: Laboratory,
  line: Line,
  {
    kind,
    contender,
    runs,
  }: { readonly kind: ProfileKind; readonly contender: Contender; readonly runs: number },
  sourceOf: SourceOfBundle,
): Profile {
  const folder = mkdtempSync(join(laboratory.folder, 'profile-'))
  const preload = join(import.meta.dirname, '..', 'preloads', 'profile-threads.cjs')
  const flags = [...profilerFlags(kind, folder), `--require=${preload}`, ...contender.flags]
  for (let run = 0; run < runs; run++) runProgram(line.binary, { ...contender, flags })
  const threads = new Map<string, Map<string, number>>()
  for (const file of readdirSync(folder)) {
    const shares = readProfile(readFileSync(join(folder, file), 'utf8'))
    const thread = threadOf(file, shares)
    const parts = threads.get(thread) ?? new Map<string, number>()
    threads.set(thread, parts)
    for (const { frame, amount } of shares) {
      const part = partOfFrame(frame, sourceOf)
      if (part !== undefined) parts.set(part, (parts.get(part) ?? 0) + amount / runs)
    }
  }
  rmSync(folder, { recursive: true })
  return threads
}

function profilerFlags(kind: ProfileKind, folder: string): readonly string[] {
  const interval = kind === 'cpu' ? CPU_INTERVAL_MICROS : HEAP_INTERVAL_BYTES
  return [`--${kind}-prof`, `--${kind}-prof-dir=${folder}`, `--${kind}-prof-interval=${interval}`]
}

/** The threads, told apart by the files they run. */
function threadOf(file: string, shares: readonly Share[]): string {
  // CPU.<date>.<time>.<process>.<thread>.<count>.cpuprofile
  if (file.split('.')[4] === '0') return 'application thread'
  const runs = (name: string): boolean => shares.some(({ frame }) => frame.url.includes(name))
  if (runs('/dist/export-thread.cjs')) return 'export thread'
  return runs('/dist/module-loader.mjs') ? 'loader thread' : 'other threads'
}
