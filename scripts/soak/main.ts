/**
 * `npm run soak [minutes] [calls a second] [bare]`: the packed agent in an application that runs for long; does it grow?
 * With `bare` the application runs without it, to compare.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startGoogleCloudProcess } from '../../bench/google-cloud.ts'
import { installTarball } from '../../bench/install-tarball.ts'
import { installApplication } from '../../test/support/application.ts'
import { fitSlope } from './slope.ts'

interface Reading {
  readonly calls: number
  readonly heapBytes: number
  readonly rssBytes: number
  readonly handles: number
  readonly files: number
  readonly threads: number
}

const MINUTE_MS = 60_000
const MEGABYTE = 1_000_000
const WARM_UP = 0.2

const minutes = Number(process.argv[2] ?? 30)
const callsASecond = Number(process.argv[3] ?? 500)
const preload = process.argv[4] === 'bare' ? [] : ['--require']
const folder = mkdtempSync(join(tmpdir(), 'soak-'))
const agent = installTarball(folder)
const application = installApplication('steady', 'zen-dual')
const cloud = await startGoogleCloudProcess()
const readings: (Reading & { readonly minute: number })[] = []
let spans = 0
let roots = 0

const child = spawn(
  process.execPath,
  ['--expose-gc', ...preload.flatMap((flag) => [flag, agent.cjs]), 'app.cjs', String(callsASecond)],
  {
    cwd: application.folder,
    env: { ...cloud.environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
)
const start = Date.now()
createInterface({ input: child.stdout }).on('line', (line) => {
  readings.push({ ...(JSON.parse(line) as Reading), minute: (Date.now() - start) / MINUTE_MS })
})
const ask = setInterval(() => void count(), MINUTE_MS / 2)
const ended = new Promise((resolve) => child.on('close', resolve))
const timer = setTimeout(() => child.kill('SIGTERM'), minutes * MINUTE_MS + 1000)

await ended
clearTimeout(timer)
clearInterval(ask)
await count()
report()
cloud.close()
application.remove()
rmSync(folder, { recursive: true, force: true })

async function count(): Promise<void> {
  const arrived = await cloud.delivered()
  spans += arrived.spans
  roots += arrived.roots
}

function report(): void {
  const settled = readings.filter(({ minute }) => minute > minutes * WARM_UP)
  const last = settled.at(-1)
  if (!last || settled.length < 3) throw new Error('the application ended too early')
  const x = settled.map(({ minute }) => minute / 60)
  console.log(
    `Node ${process.versions.node}, ${minutes} minutes at ${callsASecond} calls a second: ${last.calls} calls, ` +
      `the first ${Math.round(minutes * WARM_UP)} minutes left out\n`,
  )
  console.log('| figure | at first | at last | slope (95 % confidence) |')
  console.log('| --- | --- | --- | --- |')
  for (const [name, key] of [
    ['heap of the application thread, after collection', 'heapBytes'],
    ['resident memory', 'rssBytes'],
  ] as const) {
    const { perUnit, uncertainty } = fitSlope(
      x,
      settled.map((reading) => reading[key]),
    )
    console.log(
      `| ${name} | ${megabytes(settled[0]?.[key])} | ${megabytes(last[key])} | ` +
        `${megabytes(perUnit)} ± ${megabytes(uncertainty)} an hour |`,
    )
  }
  for (const key of ['handles', 'files', 'threads'] as const) {
    const values = settled.map((reading) => reading[key])
    console.log(
      `| ${key} | ${values[0]} | ${values.at(-1)} | ${Math.min(...values)} to ${Math.max(...values)} |`,
    )
  }
  console.log(`\n${spans} spans were delivered, ${roots} of them roots`)
}

function megabytes(bytes = 0): string {
  return `${(bytes / MEGABYTE).toFixed(2)} MB`
}
