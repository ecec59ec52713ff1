import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Delivered, startGoogleCloudProcess } from '../../bench/google-cloud.ts'
import type { Application } from '../../test/support/application.ts'
import { type HeapKinds, readHeapKinds } from './heap-kinds.ts'

/** One way to run the application. */
export interface Contender {
  readonly name: string
  /** Flags of Node. */
  readonly flags: readonly string[]
}

/** What the application says of itself. */
export interface Reading {
  readonly minute: number
  readonly calls: number
  readonly heapBytes: number
  readonly rssBytes: number
  readonly handles: number
  readonly files: number
  readonly threads: number
}

/** What a worker thread of it holds. */
export interface ThreadReading {
  readonly minute: number
  /** URL of its program. */
  readonly thread: string
  readonly heapBytes: number
  readonly handles: readonly string[]
}

/** What there is to know of a run. */
export interface Run extends Delivered {
  readonly name: string
  readonly readings: readonly Reading[]
  readonly threadReadings: readonly ThreadReading[]
  readonly heaps: readonly (HeapKinds & { readonly minute: number })[]
}

const MINUTE_MS = 60_000

/**
 * Runs the application until the time is over, with a Google Cloud of its own: processes that deliver to the same one would
 * share its limits.
 *
 * @throws Error if it ends by itself
 */
export async function runContender(
  { name, flags }: Contender,
  application: Application,
  options: { readonly minutes: number; readonly callsASecond: number },
): Promise<Run> {
  const cloud = await startGoogleCloudProcess()
  const readings: Reading[] = []
  const threadReadings: ThreadReading[] = []
  const heaps: (HeapKinds & { readonly minute: number })[] = []
  const delivered = { spans: 0, roots: 0 }
  const child = spawn(process.execPath, [...flags, 'app.cjs', String(options.callsASecond)], {
    cwd: application.folder,
    env: { ...cloud.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const start = Date.now()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as Reading | ThreadReading | { readonly snapshot: string }
    const minute = (Date.now() - start) / MINUTE_MS
    if ('snapshot' in said) {
      const file = join(application.folder, said.snapshot)
      heaps.push({ ...readHeapKinds(file), minute })
      rmSync(file)
    } else if ('thread' in said) threadReadings.push({ ...said, minute })
    else readings.push({ ...said, minute })
  })

  async function count(): Promise<void> {
    const arrived = await cloud.delivered()
    delivered.spans += arrived.spans
    delivered.roots += arrived.roots
  }

  const ask = setInterval(() => void count(), MINUTE_MS / 2)
  const timer = setTimeout(() => child.kill('SIGTERM'), options.minutes * MINUTE_MS)
  const signal = await new Promise((resolve) => child.on('close', (_, by) => resolve(by)))
  clearTimeout(timer)
  clearInterval(ask)
  await count()
  cloud.close()
  if (signal !== 'SIGTERM') throw new Error(`the application ${name} ended by itself`)
  return { name, readings, threadReadings, heaps, ...delivered }
}
