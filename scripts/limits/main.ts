/** `npm run check:limits [minutes]`: eight processes at full load, killed and restarted; do they stay within the limit? */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { RATES } from '../../src/export/limits/rate-limiter.ts'
import { bundle } from '../../test/support/bundle.ts'

const PROCESSES = 8
const KILL_EVERY_MS = 7000
const MINUTE_MS = 60_000

const minutes = Number(process.argv[2] ?? 5)
const program = await bundle(new URL('sender.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'limits-'))
const cloud = await startGoogleCloud()
const arrivals: { readonly at: number; readonly spans: number }[] = []
cloud.onSpans((batch) => arrivals.push({ at: performance.now(), spans: batch.length }))

const start = (): ChildProcess =>
  spawn(process.execPath, [program, folder, `${cloud.urls.collector}/v1/traces`], { stdio: 'inherit' })
const running = Array.from({ length: PROCESSES }, start)
const began = performance.now()
let kills = 0
while (performance.now() - began < minutes * MINUTE_MS) {
  await pause(KILL_EVERY_MS)
  const index = kills++ % PROCESSES
  running[index]?.kill('SIGKILL')
  running[index] = start()
}
for (const child of running) child.kill('SIGKILL')

const limit = RATES.public.spansPerMinute
const fullest = Math.max(...arrivals.map(({ at }) => spansIn(at)))
const total = arrivals.reduce((sum, { spans }) => sum + spans, 0)
console.log(
  `${PROCESSES} processes, ${minutes} minutes, ${kills} kills: ${total} spans in ${arrivals.length} requests; ` +
    `the fullest of all sliding minutes held ${fullest}, the limit is ${limit}`,
)
await cloud.close()
rmSync(folder, { recursive: true, force: true })
process.exitCode = fullest <= limit && total > 0 ? 0 : 1

/** Spans that arrived in the minute that ends at an arrival: no sliding minute holds more than one of these. */
function spansIn(end: number): number {
  return arrivals
    .filter(({ at }) => at > end - MINUTE_MS && at <= end)
    .reduce((sum, { spans }) => sum + spans, 0)
}
