import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { type Finding, finderFor } from '../finding.ts'
import { installPeer } from '../install-peer.ts'
import type { Laboratory } from '../laboratory.ts'
import { ownPreload, preloadFlags } from '../module-kind.ts'
import type { Sample } from '../run-program.ts'
import { runTogether } from '../run-together.ts'
import type { Line, Section } from '../section.ts'
import { estimate, estimateMedian } from '../statistics.ts'
import { AGENT, agentFlags } from '../this-agent.ts'

const WINDOWS = 12
const WINDOW_SECONDS = 5
/** The default sampling rate, for what has none. */
const ONE_IN = 10
const WINDOW_MS = WINDOW_SECONDS * 1000

/**
 * A service of 200 calls a second, at the default sampling rate. All contenders run at the same time, which the machine
 * has room for: so they have the same minute.
 */
export const steady: Section = {
  name: 'steady',
  async measure(laboratory, line) {
    const windows = laboratory.effort(WINDOWS)
    const [bare, ...others] = createContenders(laboratory, windows)
    const [baseline, ...samples] = await runTogether(line.binary, bare ? [bare, ...others] : others)
    return {
      findings: others.flatMap(({ id, title }, index) =>
        findingsOf(line, title, id === 'agent', pairs(samples[index] ?? {}, baseline ?? {}, windows)),
      ),
    }
  },
}

function createContenders(laboratory: Laboratory, windows: number): readonly Contender[] {
  const { delivering, cloud } = laboratory
  const rest = {
    program: laboratory.program('steady.cjs', 'tiny'),
    args: [String(windows), String(WINDOW_SECONDS)],
    env: delivering,
  }
  const stock = {
    ...rest,
    flags: preloadFlags('cjs', join(installPeer('stock-pair'), 'start.cjs')),
    talks: true,
  }
  const otlp = { ...delivering, BENCH_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: cloud.collector }
  return [
    { ...rest, id: 'bare', title: 'no preload', flags: [] },
    { ...rest, id: 'agent', title: AGENT, flags: agentFlags(laboratory, 'cjs') },
    { ...stock, id: 'stock-cloud', title: 'stock pair, to Cloud Trace' },
    { ...stock, id: 'stock-otlp', title: 'stock pair, OTLP', env: otlp },
    {
      ...rest,
      id: 'storage',
      title: 'control: bare AsyncLocalStorage.run',
      flags: ownPreload('cjs', 'bare-storage'),
    },
    {
      ...rest,
      id: 'exporter',
      title: 'control: an exporter of Node alone',
      flags: ownPreload('cjs', 'bare-exporter'),
      env: { ...delivering, BENCH_EVERY: String(ONE_IN), BENCH_SINK: String(cloud.sinkPort) },
    },
  ]
}

interface Pair {
  readonly own: Sample
  readonly other: Sample
}

/** The windows of two contenders, side by side. */
function pairs(own: Sample, other: Sample, windows: number): readonly Pair[] {
  const window = (sample: Sample, index: number): Sample =>
    Object.fromEntries(
      ['process', 'thread', 'p50', 'p99'].map((name) => [name, sample[`${name}-${index}`] ?? Number.NaN]),
    )
  return Array.from({ length: windows }, (_, index) => ({
    own: window(own, index),
    other: window(other, index),
  }))
}

function findingsOf(
  { major }: Line,
  title: string,
  isAgent: boolean,
  windows: readonly Pair[],
): readonly Finding[] {
  const add = finderFor(major)
  const sum = (of: readonly Pair[], side: keyof Pair, name: string): number =>
    of.reduce((total, pair) => total + (pair[side][name] ?? Number.NaN), 0)
  const cpu = estimate(windows, (of) => sum(of, 'own', 'process') / sum(of, 'other', 'process'))
  const thread = estimate(
    windows,
    (of) => ((sum(of, 'own', 'thread') - sum(of, 'other', 'thread')) / (of.length * WINDOW_MS)) * 100,
  )
  const later = (name: string) =>
    estimateMedian(windows.map(({ own, other }) => (own[name] ?? Number.NaN) - (other[name] ?? Number.NaN)))
  const table = '200 calls a second, default rate'
  const most = (value: number): number | undefined => (isAgent ? value : undefined)
  return [
    add(`${table}: CPU of the whole process, over no preload`, title, 'x', cpu, most(1.15)),
    add(`${table}: application thread, share of a core over no preload`, title, '%', thread, most(0.7)),
    add(`${table}: median of a 1 ms call, over no preload`, title, '+ms', later('p50'), most(0.5)),
    add(`${table}: p99 of a 1 ms call, over no preload`, title, '+ms', later('p99'), most(2)),
  ]
}
