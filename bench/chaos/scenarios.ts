import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../../fixtures/google-cloud/fault.ts'
import type { RecordedSpan } from '../../fixtures/google-cloud/recorded-span.ts'
import type { EndKind } from './program.ts'
import type { Stage } from './stage.ts'

/** One row of the table. */
export interface Scenario {
  readonly id: string
  readonly title: string
  /** Why this contender has nothing to show here; undefined: it has. */
  readonly without?: (id: Stage['contender']['id']) => string | undefined
  /** Not everything can be delivered here, only counted: a limit stands in the way. */
  readonly mayDrop?: true
  /** So many spans the program makes in 100 ms, which is what a kill may take. */
  readonly mayLose?: number
  /** A small disk is mounted. */
  readonly needsRoot?: true
  /** It is mostly waiting, so that it can be played for all contenders at once. */
  readonly hasOutage?: true
  readonly play: (stage: Stage) => Promise<void>
}

const CALLS = 100
const KILL_EXPORT_THREAD = join(import.meta.dirname, '..', 'programs', 'chaos', 'kill-export-thread.cjs')
/** As gRPC and as HTTP have them. */
const RETRYABLE = [
  [14, 503],
  [8, 429],
  [4, 504],
  [13, 502],
  [10, 503],
] as const
const FINAL = [
  [3, 400],
  [5, 404],
  [12, 501],
  [7, 403],
  [16, 401],
] as const
const TIMES_EACH = 3
const SAMPLERS_LOOK_MS = 3000

const agentOnly = (id: Stage['contender']['id']): string | undefined =>
  id === 'agent' ? undefined : 'has no such thing'
const googleOnly = (id: Stage['contender']['id']): string | undefined =>
  id === 'stock-otlp' ? 'uses no credentials' : undefined

/** Everything that is done to the contenders, in the order of the table. */
export const SCENARIOS: readonly Scenario[] = [
  ...(['return', 'exit', 'SIGTERM', 'throw'] as const).map((kind) => ending(kind)),
  {
    id: 'sigkill',
    title: 'SIGKILL in the middle of the work',
    mayLose: 80,
    async play(stage) {
      const program = await stage.start()
      // What is lost is bounded once the destination is known.
      await program.work(CALLS / 4)
      await stage.settled()
      void program.work(10_000, 5)
      await program.hasMade(800)
      await stage.end(program, 'SIGKILL')
    },
  },
  outage('refuse-short', 'the service refuses connections for a short while', { kind: 'refuse' }, 'shortMs'),
  outage('refuse-long', 'the service refuses connections for long', { kind: 'refuse' }, 'longMs'),
  outage('hang-short', 'the service hangs, shorter than any time-out', { kind: 'hang' }, 'shortMs'),
  outage('hang-long', 'the service hangs, longer than any time-out', { kind: 'hang' }, 'longMs'),
  {
    id: 'ends-in-outage',
    title: 'the process ends while the service refuses connections',
    async play(stage) {
      await stage.fail({ kind: 'refuse' })
      const program = await stage.start()
      await program.work(CALLS)
      await stage.end(program)
    },
  },
  {
    id: 'ends-in-hang',
    title: 'the process ends while the service hangs',
    async play(stage) {
      await stage.fail({ kind: 'hang' })
      const program = await stage.start()
      await program.work(CALLS)
      await stage.end(program)
    },
  },
  codes(
    'retryable',
    `each retryable code ${TIMES_EACH} times (UNAVAILABLE, RESOURCE_EXHAUSTED …)`,
    RETRYABLE,
  ),
  codes(
    'final',
    `each final code ${TIMES_EACH} times (INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED …)`,
    FINAL,
  ),
  {
    id: 'drop',
    hasOutage: true,
    title: 'the answer is cut off 3 times',
    async play(stage) {
      await stage.failFirst({ kind: 'drop', times: TIMES_EACH })
      await workAndEnd(stage)
    },
  },
  {
    id: 'bad-spans',
    title: 'some bad spans among many good ones',
    async play(stage) {
      await stage.fail({ kind: 'picky', refuses: oneIn(64) })
      await workAndEnd(stage)
    },
  },
  {
    id: 'no-credentials',
    hasOutage: true,
    title: 'no credentials',
    without: googleOnly,
    async play(stage) {
      const program = await stage.start({
        credentials: { credentials: 'none', projectId: stage.cloud.projectId },
      })
      await program.work(CALLS)
      await stage.end(program)
    },
  },
  {
    id: 'late-credentials',
    hasOutage: true,
    title: 'credentials that come late',
    without: googleOnly,
    async play(stage) {
      const program = await stage.start({
        credentials: { credentials: 'none', projectId: stage.cloud.projectId },
      })
      await program.work(CALLS)
      await sleep(stage.times.shortMs)
      const { cloud, lastEnvironment } = stage
      cloud.iam.grant('user', cloud.projectId)
      writeFileSync(
        join(lastEnvironment['CLOUDSDK_CONFIG'] ?? '', 'application_default_credentials.json'),
        JSON.stringify(cloud.authorizedUser(cloud.projectId)),
      )
      await stage.settled()
      await stage.end(program)
    },
  },
  metadata('metadata-absent', 'the metadata server is absent, then there', { kind: 'refuse' }),
  metadata('metadata-hangs', 'the metadata server hangs for a while', { kind: 'hang' }),
  {
    id: 'project-late',
    title: 'the metadata server, which alone knows the project, hangs for long',
    hasOutage: true,
    without: googleOnly,
    async play(stage) {
      await stage.cloud.faults.set('metadata', { kind: 'hang' })
      const program = await stage.start({ credentials: { credentials: 'metadata' } })
      await program.work(CALLS)
      await sleep(stage.times.longMs)
      await stage.heal()
      await stage.settled()
      await stage.end(program)
    },
  },
  metadata('metadata-late', 'the metadata server is there late', { kind: 'status', code: 503 }),
  {
    id: 'proxy-down',
    hasOutage: true,
    title: 'the proxy is down for a while',
    without: (id) => (id === 'stock-otlp' ? 'uses no proxy' : undefined),
    async play(stage) {
      await stage.cloud.faults.set('proxy', { kind: 'refuse' })
      const program = await stage.start()
      await program.work(CALLS)
      await sleep(stage.times.shortMs)
      await stage.heal()
      await stage.settled()
      await stage.end(program)
    },
  },
  {
    id: 'disk-full',
    needsRoot: true,
    title: 'the disk is full, and the service refuses connections for a short while',
    without: agentOnly,
    async play(stage) {
      mkdirSync(stage.stateFolder, { recursive: true })
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'chaos', stage.stateFolder])
      try {
        await stage.fail({ kind: 'refuse' })
        const program = await stage.start()
        await program.work(CALLS)
        await sleep(stage.times.shortMs)
        await stage.heal()
        await stage.settled()
        await stage.end(program)
      } finally {
        execFileSync('umount', ['--lazy', stage.stateFolder])
      }
    },
  },
  {
    id: 'journal-corrupted',
    title: 'the journal holds garbage, and copies of its own files that are cut and overwritten',
    without: agentOnly,
    async play(stage) {
      await stage.fail({ kind: 'refuse' })
      const first = await stage.start()
      await first.work(CALLS)
      await stage.end(first)
      await stage.heal()
      corruptJournal(stage.stateFolder)
      const second = await stage.start()
      await second.work(CALLS)
      await stage.settled()
      await stage.end(second)
    },
  },
  {
    id: 'thread-killed',
    title: 'the export thread is killed in the middle of the work',
    without: agentOnly,
    async play(stage) {
      const program = await stage.start({ before: KILL_EXPORT_THREAD })
      const working = program.work(2 * CALLS, 10)
      await program.hasMade(CALLS)
      program.child.kill('SIGUSR2')
      await working
      await stage.settled()
      await stage.end(program)
    },
  },
  {
    id: 'burst',
    title: 'a burst of 20,000 spans at once, far above the queue',
    mayDrop: true,
    async play(stage) {
      const program = await stage.start()
      await program.burst(5000)
      await stage.settled()
      await stage.end(program)
    },
  },
  {
    id: 'many-processes',
    hasOutage: true,
    title: 'four processes on one state folder; the service refuses connections, two of them end meanwhile',
    async play(stage) {
      await stage.fail({ kind: 'refuse' })
      const programs = await Promise.all(Array.from({ length: 4 }, () => stage.start()))
      await Promise.all(programs.map((program) => program.work(CALLS)))
      await Promise.all(programs.slice(0, 2).map((program) => stage.end(program)))
      await stage.heal()
      await stage.settled()
      await Promise.all(programs.slice(2).map((program) => stage.end(program)))
    },
  },
  {
    id: 'everything',
    hasOutage: true,
    title: 'all of it: refused, hanging, retryable and final codes, bad spans, three processes, one killed',
    mayLose: 160,
    async play(stage) {
      const programs = await Promise.all(Array.from({ length: 3 }, () => stage.start()))
      // What the kill costs is bounded once the destination is known, and is a matter of time: so at a pace.
      await Promise.all(programs.map((program) => program.work(1)))
      await stage.settled()
      await stage.fail({ kind: 'refuse' })
      await Promise.all(programs.map((program) => program.work(CALLS, 5)))
      const [killed, ...others] = programs
      if (killed) await stage.end(killed, 'SIGKILL')
      if (stage.contender.id === 'agent') corruptJournal(stage.stateFolder)
      await sleep(stage.times.shortMs)
      await stage.heal()
      for (const fault of [
        { kind: 'hang', times: 1 },
        code(stage, RETRYABLE[0]),
        code(stage, FINAL[1]),
      ] as const) {
        await stage.failFirst(fault)
        await Promise.all(others.map((program) => program.work(10)))
        await sleep(stage.times.shortMs)
      }
      await stage.fail({ kind: 'picky', refuses: oneIn(64) })
      await stage.settled()
      await Promise.all(others.map((program) => stage.end(program)))
    },
  },
]

function ending(kind: EndKind): Scenario {
  const titles: Partial<Record<EndKind, string>> = {
    return: 'the program comes to its end',
    exit: 'process.exit(3)',
    SIGTERM: 'SIGTERM',
    throw: 'an uncaught exception',
  }
  return {
    id: kind.toLowerCase(),
    title: titles[kind] ?? kind,
    async play(stage) {
      const program = await stage.start()
      await program.work(CALLS)
      await stage.end(program, kind)
    },
  }
}

function outage(id: string, title: string, fault: Fault, lasts: 'shortMs' | 'longMs'): Scenario {
  return {
    id,
    title,
    hasOutage: true,
    async play(stage) {
      const program = await stage.start()
      await program.work(CALLS / 4)
      await stage.fail(fault)
      await program.work(CALLS)
      await sleep(stage.times[lasts])
      await stage.heal()
      await stage.settled(stage.times.patienceMs)
      // Samplers look now and then whether the bound of the outage still holds.
      await sleep(SAMPLERS_LOOK_MS)
      await program.work(CALLS / 4)
      await stage.settled()
      await stage.end(program)
    },
  }
}

function codes(id: string, title: string, pairs: readonly (readonly [number, number])[]): Scenario {
  return {
    id,
    title,
    hasOutage: true,
    async play(stage) {
      const program = await stage.start()
      for (const pair of pairs) {
        await stage.failFirst(code(stage, pair))
        await program.work(CALLS / 5)
        await stage.settled()
        await stage.heal()
      }
      await stage.settled()
      await stage.end(program)
    },
  }
}

function code({ contender }: Stage, [grpc, http]: readonly [number, number]): Fault {
  return { kind: 'status', code: contender.google ? grpc : http, times: TIMES_EACH }
}

/** Project and token are the metadata server's; the project is named, so that only the token is late. */
function metadata(id: string, title: string, fault: Fault): Scenario {
  return {
    id,
    title,
    hasOutage: true,
    without: googleOnly,
    async play(stage) {
      await stage.cloud.faults.set('metadata', fault)
      const program = await stage.start()
      await program.work(CALLS)
      await sleep(stage.times.shortMs)
      await stage.heal()
      await stage.settled()
      await stage.end(program)
    },
  }
}

async function workAndEnd(stage: Stage): Promise<void> {
  const program = await stage.start()
  await program.work(CALLS)
  await stage.settled()
  await stage.end(program)
}

/** Ids are random, so this is one span in so many, the same one however often it is sent. */
function oneIn(many: number): (span: RecordedSpan) => boolean {
  return ({ spanId }) => Number.parseInt(spanId.slice(-4), 16) % many === 0
}

/** Adds what a crash, a full disk or somebody else may have left in the folder. */
function corruptJournal(stateFolder: string): void {
  const journal = join(stateFolder, 'journal')
  mkdirSync(journal, { recursive: true })
  const files = readdirSync(journal).filter((name) => existsSync(join(journal, name)))
  for (const [index, name] of files.entries()) {
    const content = readFileSync(join(journal, name))
    const copy = join(journal, `1${index}-${name}`)
    writeFileSync(copy, content.subarray(0, Math.floor(content.length * 0.7)))
    const overwritten = Buffer.from(content)
    overwritten.fill(0xff, Math.floor(content.length / 3), Math.floor(content.length / 2))
    writeFileSync(join(journal, `2${index}-${name}`), overwritten)
  }
  writeFileSync(
    join(journal, 'garbage'),
    Buffer.from(Array.from({ length: 5000 }, (_, byte) => (byte * 31) % 256)),
  )
  writeFileSync(join(journal, 'empty'), '')
  cpSync(join(journal, 'garbage'), join(journal, 'garbage.jsonl'))
}
