/**
 * `npm run soak [minutes] [calls a second]`: the packed agent in an application that runs for long; does it grow? The same
 * application runs without it in the same minutes; and both once more, to see what their heaps hold, as the code that V8
 * compiles is in there as well.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installTarball } from '../../bench/install-tarball.ts'
import { installApplication } from '../../test/support/application.ts'
import { compareHeaps, compareRuns, describeThreads } from './report.ts'
import { type Run, runContender } from './run-contender.ts'

const WARM_UP = 0.2

const minutes = Number(process.argv[2] ?? 30)
const callsASecond = Number(process.argv[3] ?? 500)
const folder = mkdtempSync(join(tmpdir(), 'soak-'))
const agent = installTarball(folder)
const application = installApplication('steady', 'zen-dual')
const measure = ['--expose-gc']
const traced = [...measure, '--require', agent.cjs]
const preload = (file: string): string[] => ['--require', join(import.meta.dirname, file)]

// Looking into heaps and threads leaves traces of its own, and so each has processes of its own.
const [withAgent, without, heapsWithAgent, heapsWithout, threads] = (await Promise.all(
  [
    { name: 'with the agent', flags: traced },
    { name: 'without', flags: measure },
    { name: 'with the agent', flags: [...preload('take-snapshots.cjs'), ...traced] },
    { name: 'without', flags: [...preload('take-snapshots.cjs'), ...measure] },
    { name: 'with the agent', flags: [...preload('look-into-threads.cjs'), ...traced] },
  ].map(async (contender) => runContender(contender, application, { minutes, callsASecond })),
)) as [Run, Run, Run, Run, Run]
application.remove()
rmSync(folder, { recursive: true, force: true })

const warmUpMinutes = minutes * WARM_UP
console.log(
  `Node ${process.versions.node}, ${minutes} minutes at ${callsASecond} calls a second, ` +
    `the first ${Math.round(warmUpMinutes)} left out; slopes with 95 % confidence\n`,
)
console.log(compareRuns(withAgent, without, warmUpMinutes))
console.log(`\n${compareHeaps(heapsWithAgent, heapsWithout, warmUpMinutes)}`)
console.log(`\n${describeThreads(threads, warmUpMinutes)}`)
