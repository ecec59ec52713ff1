/** `npm run bench`: this agent and its peers side by side, in one run. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { installNodeLines, nodeLines } from '../test/support/node-lines.ts'
import { readBenchOptions, USAGE } from './bench-options.ts'
import { startGoogleCloudProcess } from './google-cloud.ts'
import { installApplications, type ModuleKind } from './install-applications.ts'
import { installPeer } from './install-peer.ts'
import { installTarball } from './install-tarball.ts'
import { measurePreloads, preloadTable } from './preload-time.ts'
import { compareStartUp, startUpTable } from './start-up-table.ts'
import { measureStartUp } from './start-up.ts'
import { seededRandom } from './statistics.ts'
import { createVariants } from './variants.ts'

/** Measured from the inside as well; the first is the baseline. */
const ONLY_PRELOADED: readonly string[] = ['empty', 'off', 'idle', 'hooks']
const KINDS: readonly ModuleKind[] = ['cjs', 'esm']

const options = readBenchOptions(process.argv.slice(2))
if (options.help) print(USAGE)
else await bench()

async function bench(): Promise<void> {
  const lines = nodeLines().filter(({ major }) => options.majors?.includes(major) ?? true)
  if (lines.length === 0)
    throw new RangeError(`no Node of the lines ${options.majors?.join(', ')} is available`)
  installNodeLines()
  const stockPair = installPeer('stock-pair')
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'zen-telemetry-bench-')))
  const cloud = await startGoogleCloudProcess()
  try {
    const agent = installTarball(join(folder, 'agent'))
    const random = seededRandom(process.pid)
    const machine = {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      platform: `${process.platform} ${process.arch}`,
      load: loadavg()[0],
    }
    const results: unknown[] = []
    print(`${machine.cpu}, ${machine.cores} cores, ${machine.platform}, load ${machine.load?.toFixed(2)}`)
    print(`Start-up of whole processes: medians of ${options.rounds} interleaved rounds, in milliseconds;`)
    print('"added" is the median difference to the empty preload of the same application, round by round.')

    for (const { binary } of lines) {
      const version = execFileSync(binary, ['--version'], { encoding: 'utf8' }).trim()
      for (const kind of KINDS) {
        const applications = installApplications(join(folder, 'applications'), kind)
        const variants = createVariants(kind, {
          agent,
          stockPair,
          applications,
          state: join(folder, 'state'),
          cloud: cloud.environment,
        })
        const timings = measureStartUp(binary, kind, variants, options.rounds, random)
        const preloads = variants.filter(({ id }) => ONLY_PRELOADED.includes(id))
        const inside = measurePreloads(binary, kind, preloads, options.rounds, random)
        const expected = variants.filter(({ delivers }) => delivers).length * (options.rounds + 1)
        const delivered = await cloud.delivered()
        const rows = compareStartUp(variants, timings)
        results.push({
          node: version,
          kind,
          delivered,
          expected,
          rows,
          inside,
          timings: Object.fromEntries(timings),
        })

        print(`\nNode ${version}, ${kind === 'cjs' ? 'CommonJS, --require' : 'ES modules, --import'}`)
        print(startUpTable(rows))
        print(preloadTable(inside))
        print(`${delivered} of ${expected} spans arrived at Cloud Trace`)
      }
    }
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ machine, results })}\n`)
  } finally {
    cloud.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
