import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EnvironmentOptions } from '../../fixtures/google-cloud/child-environment.ts'
import type { Fault } from '../../fixtures/google-cloud/fault.ts'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { statusFolder } from '../../src/export/metrics/process-status.ts'
import { repository } from '../../test/support/repository.ts'
import type { Contender } from './contender.ts'
import { countedDrops } from './counted-drops.ts'
import { type EndKind, type Program, type ProgramEnd, startProgram } from './program.ts'

/** How long outages last, in milliseconds. */
export interface ChaosTimes {
  /** Shorter than any time-out. */
  readonly shortMs: number
  /** Longer than any time-out. */
  readonly longMs: number
  /** How long it is waited for spans that may come no more. */
  readonly patienceMs: number
  /** Variables that shorten time-outs, where the outages are shorter. */
  readonly environment: Readonly<Record<string, string>>
}

/** How one program is started. */
export interface StartOptions {
  readonly credentials?: EnvironmentOptions
  readonly env?: Readonly<Record<string, string>>
  /** Loaded before the contender. */
  readonly before?: string
  /** Without the contender. */
  readonly plain?: boolean
}

/** One contender in one scenario: a cloud of its own, and programs that share a state folder. */
export interface Stage {
  readonly contender: Contender
  readonly cloud: GoogleCloud
  readonly stateFolder: string
  readonly times: ChaosTimes
  start(options?: StartOptions): Promise<Program>
  /** Makes a program end; what it took is compared with a program that nobody traces. */
  end(program: Program, kind?: EndKind): Promise<ProgramEnd>
  /** Sets a fault of the service that receives spans, and of its alternative if there is one. */
  fail(fault: Fault): Promise<void>
  /** Sets a fault of the service that receives spans, and of no other. */
  failFirst(fault: Fault): Promise<void>
  /** All services are well again. */
  heal(): Promise<void>
  /**
   * Waits until everything made has been delivered or counted, or nothing moves any more.
   *
   * @param patienceMs how long nothing moves. Default: what the contender's own pauses take
   */
  settled(patienceMs?: number): Promise<void>
  /** The environment of the last program, to change what it finds. */
  readonly lastEnvironment: Readonly<Record<string, string>>
}

/** What came of one contender in one scenario. */
export interface ChaosResult {
  readonly produced: number
  readonly delivered: number
  /** Of these, how many only a later process delivered. */
  readonly later: number
  readonly duplicates: number
  readonly counted: Readonly<Record<string, number>>
  readonly lost: number
  /** Milliseconds that the end took longer than that of the program alone; undefined where nothing was measured. */
  readonly addedExitMs: number | undefined
  /** How the programs ended. */
  readonly exits: readonly string[]
  readonly stderr: readonly string[]
}

const LOOK_EVERY_MS = 100
/** The batch processor waits 5 s for company, and the OTLP exporter tries again for some seconds more. */
const STOCK_PATIENCE_MS = 12_000
const SPANS_OF_HEIR = 4

/**
 * Plays a scenario for one contender.
 *
 * @param play starts programs, breaks things and mends them
 * @param baseline milliseconds that the program alone takes to end in each way
 */
export async function playScenario(
  contender: Contender,
  times: ChaosTimes,
  baseline: ReadonlyMap<EndKind, number>,
  play: (stage: Stage) => Promise<void>,
): Promise<ChaosResult> {
  const cloud = await startGoogleCloud()
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'zen-chaos-')))
  const stateFolder = join(folder, 'state')
  installProgram(folder)
  const defaultPatienceMs = contender.id === 'agent' ? times.patienceMs : STOCK_PATIENCE_MS
  const programs: Program[] = []
  const ends: ProgramEnd[] = []
  const added: number[] = []
  let lastEnvironment: Readonly<Record<string, string>> = {}

  const made = (): number => programs.reduce((sum, program) => sum + program.made, 0)
  const delivered = (): number => new Set(cloud.spans().map(({ spanId }) => spanId)).size
  const counted = (): Map<string, number> => {
    const all = new Map<string, number>()
    for (const { child, stderr } of programs) {
      for (const [reason, count] of countedDrops(stderr, statusOf(child.pid)))
        all.set(reason, (all.get(reason) ?? 0) + count)
    }
    return all
  }
  /** A process whose end was not waited for has left its numbers behind. */
  const statusOf = (pid: number | undefined): string => {
    const statuses = statusFolder(stateFolder)
    const name = existsSync(statuses) && readdirSync(statuses).find((file) => file.startsWith(`${pid}-`))
    return name ? readFileSync(join(statuses, name), 'utf8') : '{}'
  }
  const missing = (): number => made() - delivered() - sum(counted().values())

  async function start(options: StartOptions = {}): Promise<Program> {
    const credentials = options.credentials ?? { credentials: 'metadata', projectId: cloud.projectId }
    lastEnvironment = {
      ...cloud.env(credentials),
      ...times.environment,
      ...(options.plain ? {} : contender.environment(cloud, stateFolder)),
      ...options.env,
    }
    const preloads = [options.before, options.plain ? undefined : contender.preload]
    const args = preloads.flatMap((file) => (file === undefined ? [] : ['--require', file]))
    const program = await startProgram([...args, 'program.cjs'], folder, lastEnvironment)
    programs.push(program)
    return program
  }

  async function settled(patienceMs = defaultPatienceMs): Promise<void> {
    let last = missing()
    let movedAt = performance.now()
    while (missing() > 0 && performance.now() - movedAt < patienceMs) {
      await sleep(LOOK_EVERY_MS)
      if (missing() !== last) movedAt = performance.now()
      last = missing()
    }
  }

  const stage: Stage = {
    contender,
    cloud,
    stateFolder,
    times,
    start,
    async end(program, kind = 'return') {
      const end = await program.end(kind)
      ends.push(end)
      const alone = baseline.get(kind)
      if (alone !== undefined) added.push(end.took - alone)
      return end
    },
    async fail(fault) {
      await Promise.all(contender.services.map((service) => cloud.faults.set(service, fault)))
    },
    async failFirst(fault) {
      const [first] = contender.services
      await cloud.faults.set(first, fault)
    },
    heal: () => cloud.faults.clear(),
    settled,
    get lastEnvironment() {
      return lastEnvironment
    },
  }

  try {
    await play(stage)
    await settledBriefly()
    const before = delivered()
    let heirMade = 0
    if (contender.id === 'agent' && missing() > 0) heirMade = await inherit(stage)
    const spans = cloud.spans()
    return {
      produced: made() - heirMade,
      delivered: delivered() - heirMade,
      later: delivered() - heirMade - before,
      duplicates: spans.length - delivered(),
      counted: Object.fromEntries(counted()),
      lost: Math.max(0, missing()),
      addedExitMs: added.length > 0 ? Math.max(...added) : undefined,
      exits: ends.map(({ exit }) => exit),
      stderr: programs.map(({ stderr }) => stderr),
    }
  } finally {
    for (const { child } of programs) child.kill('SIGKILL')
    await cloud.close()
    rmSync(folder, { recursive: true, force: true })
  }

  /** What was answered in the last moment is recorded a turn later. */
  async function settledBriefly(): Promise<void> {
    await sleep(LOOK_EVERY_MS)
  }

  /** The next process of the same user, when all is well again. */
  async function inherit(on: Stage): Promise<number> {
    await on.heal()
    const heir = await start()
    await heir.work(1)
    await settled()
    await heir.end('return')
    return SPANS_OF_HEIR
  }
}

/** How long the program alone takes to end in each way, in milliseconds. */
export async function measureBaseline(kinds: readonly EndKind[]): Promise<ReadonlyMap<EndKind, number>> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'zen-chaos-')))
  installProgram(folder)
  const baseline = new Map<EndKind, number>()
  for (const kind of kinds) {
    const program = await startProgram(['program.cjs'], folder, { PATH: process.env['PATH'] ?? '' })
    await program.work(1)
    baseline.set(kind, (await program.end(kind)).took)
  }
  rmSync(folder, { recursive: true, force: true })
  return baseline
}

function installProgram(folder: string): void {
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  cpSync(join(import.meta.dirname, '..', 'programs', 'chaos', 'program.cjs'), join(folder, 'program.cjs'))
  cpSync(join(repository, 'fixtures', 'packages', 'zen-cjs'), join(folder, 'node_modules', 'zen'), {
    recursive: true,
  })
}

function sum(numbers: Iterable<number>): number {
  let total = 0
  for (const number of numbers) total += number
  return total
}
