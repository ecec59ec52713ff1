import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { type Finding, finderFor } from '../finding.ts'
import { installPeer } from '../install-peer.ts'
import { interleave, type Rounds } from '../interleave.ts'
import type { Laboratory } from '../laboratory.ts'
import { ownPreload, preloadFlags } from '../module-kind.ts'
import { runProgramAfresh } from '../run-program.ts'
import type { Line, Section } from '../section.ts'
import type { Estimate } from '../statistics.ts'
import { measureEventLoopDelay } from './event-loop-delay.ts'
import { AGENT, agentFlags, EVERY_CALL } from '../this-agent.ts'

const ROUNDS = 3
const SECONDS = 3
const MOST_DELAY_MS = 2
const MOST_OVER_WORKER_MB = 10
const MOST_SHARE_OF_STOCK_PAIR = 0.1

/** What 512 exported spans a second do to the application: event loop, memory, work of its thread. */
export const exporting: Section = {
  name: 'exporting',
  measure(laboratory, line) {
    const contenders = createContenders(laboratory)
    const [bare, ...others] = contenders
    const delays = measureEventLoopDelay(
      laboratory,
      line,
      bare,
      others.filter(({ id }) => id.startsWith('agent')),
    )
    const rounds = interleave(
      contenders,
      laboratory.effort(ROUNDS),
      laboratory.random,
      (contender) => runProgramAfresh(line.binary, contender, laboratory.folder),
      false,
    )
    return { findings: findingsOf(rounds, delays, line) }
  },
}

const TITLES = {
  'agent-cloud': `${AGENT}, to Cloud Trace`,
  'agent-otlp': `${AGENT}, OTLP`,
  'stock-cloud': 'stock pair, to Cloud Trace',
  'stock-otlp': 'stock pair, OTLP',
} as const

/** What is Node, or the machine, of what is measured. */
const CONTROLS = {
  exporter: 'control: an exporter of Node alone',
  storage: 'control: bare AsyncLocalStorage.run',
  beside: 'control: another process exports',
  interpreted: `control: ${AGENT}, without V8's optimizing compilers`,
} as const
/** What they compile, and the pages of Node's own binary that they run, stay in memory. */
const NOT_OPTIMIZING = ['--no-opt', '--no-maglev']

type Exporting = keyof typeof TITLES
const EXPORTING = Object.keys(TITLES) as readonly Exporting[]

function createContenders(laboratory: Laboratory): readonly [bare: Contender, ...others: Contender[]] {
  const { delivering, cloud } = laboratory
  const rest = {
    program: laboratory.program('exporting.cjs', 'tiny'),
    args: [String(SECONDS)],
  }
  const agent = { ...rest, flags: agentFlags(laboratory, 'cjs') }
  const stock = {
    ...rest,
    flags: preloadFlags('cjs', join(installPeer('stock-pair'), 'start.cjs')),
    talks: true,
  }
  const toCloud = { ...delivering, ...EVERY_CALL }
  const exporter = {
    ...rest,
    flags: ownPreload('cjs', 'bare-exporter'),
    env: { ...delivering, BENCH_SINK: String(cloud.sinkPort) },
  }
  const interpreted = { ...agent, flags: [...NOT_OPTIMIZING, ...agent.flags], env: toCloud }
  const one = [...rest.args, 'one']
  const beside = {
    args: [...agent.flags, rest.program, String(2 * SECONDS)],
    environment: EVERY_CALL,
  }
  const collector = { OTEL_EXPORTER_OTLP_ENDPOINT: cloud.collector }
  return [
    { ...rest, id: 'bare', title: 'no preload', flags: [], env: delivering },
    { ...agent, id: 'agent-cloud', title: TITLES['agent-cloud'], env: toCloud },
    {
      ...agent,
      id: 'agent-otlp',
      title: TITLES['agent-otlp'],
      env: { ...toCloud, ...collector, ZEN_TELEMETRY_EXPORTER: 'otlp' },
      every: 3,
    },
    { ...agent, id: 'one-span', title: 'one span', args: one, env: toCloud },
    { ...interpreted, id: 'interpreted', title: CONTROLS.interpreted },
    { ...interpreted, id: 'interpreted-one', title: CONTROLS.interpreted, args: one },
    { ...stock, id: 'stock-cloud', title: TITLES['stock-cloud'], env: delivering },
    {
      ...stock,
      id: 'stock-otlp',
      title: TITLES['stock-otlp'],
      env: { ...delivering, ...collector, BENCH_EXPORTER: 'otlp' },
      every: 3,
    },
    { ...exporter, id: 'exporter', title: CONTROLS.exporter },
    { ...exporter, id: 'exporter-one', title: CONTROLS.exporter, args: one },
    {
      ...rest,
      id: 'storage',
      title: CONTROLS.storage,
      flags: ownPreload('cjs', 'bare-storage'),
      env: delivering,
    },
    {
      ...rest,
      id: 'beside',
      title: CONTROLS.beside,
      flags: ownPreload('cjs', 'beside'),
      env: { ...delivering, BENCH_BESIDE: JSON.stringify(beside) },
    },
  ]
}

function findingsOf(
  rounds: Rounds,
  delays: ReadonlyMap<string, Estimate>,
  { major }: Line,
): readonly Finding[] {
  const add = finderFor(major)
  const delay = 'Event-loop delay while 512 spans a second are exported, p99.9 over no preload'
  const memory = 'Memory while 512 spans a second are exported, over no preload'
  const overOne = 'Memory while 512 spans a second are exported, over the same thread after one span'
  const whole = 'CPU of the whole process for each exported span, over no preload'
  const thread = 'Work of the application thread for each exported span, over no preload'
  const isAgent = (id: Exporting): boolean => id.startsWith('agent')
  const stockOf = (id: Exporting): Exporting => (id === 'agent-cloud' ? 'stock-cloud' : 'stock-otlp')
  return [
    ...EXPORTING.map((id) =>
      add(
        delay,
        TITLES[id],
        '+ms',
        delays.get(id) ?? rounds.added(id, 'bare', 'delay'),
        isAgent(id) ? MOST_DELAY_MS : undefined,
      ),
    ),
    ...(['exporter', 'beside'] as const).map((id) =>
      add(delay, CONTROLS[id], '+ms', rounds.added(id, 'bare', 'delay')),
    ),
    ...EXPORTING.map((id) =>
      add(
        memory,
        TITLES[id],
        '+MB',
        rounds.added(id, 'bare', 'memory'),
        isAgent(id) ? rounds.added(stockOf(id), 'bare', 'memory').value : undefined,
      ),
    ),
    add(memory, CONTROLS.exporter, '+MB', rounds.added('exporter', 'bare', 'memory')),
    add(
      overOne,
      TITLES['agent-cloud'],
      '+MB',
      rounds.added('agent-cloud', 'one-span', 'memory'),
      MOST_OVER_WORKER_MB,
    ),
    add(overOne, CONTROLS.interpreted, '+MB', rounds.added('interpreted', 'interpreted-one', 'memory')),
    add(overOne, CONTROLS.exporter, '+MB', rounds.added('exporter', 'exporter-one', 'memory')),
    ...EXPORTING.map((id) =>
      add(
        thread,
        TITLES[id],
        'µs',
        rounds.added(id, 'bare', 'thread'),
        isAgent(id)
          ? rounds.added(stockOf(id), 'bare', 'thread').value * MOST_SHARE_OF_STOCK_PAIR
          : undefined,
      ),
    ),
    ...(['storage', 'exporter'] as const).map((id) =>
      add(thread, CONTROLS[id], 'µs', rounds.added(id, 'bare', 'thread')),
    ),
    ...EXPORTING.map((id) => add(whole, TITLES[id], 'µs', rounds.added(id, 'bare', 'process'))),
    add(whole, CONTROLS.exporter, 'µs', rounds.added('exporter', 'bare', 'process')),
  ]
}
