import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { type Finding, finderFor } from '../finding.ts'
import { installPeer } from '../install-peer.ts'
import { interleave } from '../interleave.ts'
import type { Laboratory } from '../laboratory.ts'
import { MITATA } from '../mitata.ts'
import { preloadFlags } from '../module-kind.ts'
import { runProgram } from '../run-program.ts'
import type { Line, Section } from '../section.ts'
import { AGENT, agentFlags, EVERY_CALL } from '../this-agent.ts'

const ROUNDS = 6
const BURSTS = 100
const ONE_MS_SECONDS = 1.5
const ONE_MS_ROUNDS = 5
/** They take the time that the export thread does for the spans of 50 ms. */
const LINES_OF_WORK = 300

/** What a call of a traced method costs, by itself. */
export const calls: Section = {
  name: 'calls',
  measure: (laboratory, line) => ({
    findings: [
      ...measureUnsampled(laboratory, line),
      ...measureSampled(laboratory, line),
      ...measureOneMillisecond(laboratory, line),
    ],
  }),
}

function measureUnsampled(laboratory: Laboratory, line: Line): readonly Finding[] {
  const program = laboratory.program('calls.mjs', 'tiny')
  const env = { ...laboratory.plain, BENCH_MITATA: MITATA }
  const unsampled = { ...env, ZEN_TELEMETRY_SAMPLE_RATE: '0', GOOGLE_CLOUD_PROJECT: 'bench-project' }
  const agent = { program, flags: agentFlags(laboratory, 'cjs'), args: ['traced'] }
  const contenders: readonly Contender[] = [
    {
      id: 'storage',
      title: 'control: bare AsyncLocalStorage.run',
      program,
      flags: [],
      args: ['storage'],
      env,
    },
    {
      id: 'looking',
      title: 'control: the same after a look at its store, and for an OpenTelemetry',
      program,
      flags: [],
      args: ['looking'],
      env,
    },
    {
      ...agent,
      id: 'plain',
      title: `${AGENT}, KEEP_ERRORS off`,
      env: { ...unsampled, ZEN_TELEMETRY_KEEP_ERRORS: 'false' },
    },
    {
      ...agent,
      id: 'keeping',
      title: `${AGENT}, KEEP_ERRORS on`,
      env: { ...unsampled, ZEN_TELEMETRY_KEEP_ERRORS: 'true' },
    },
    { ...openTelemetry(env), program, args: ['opentelemetry'] },
  ]
  const rounds = interleave(contenders, laboratory.effort(ROUNDS), laboratory.random, (contender) =>
    runProgram(line.binary, contender),
  )
  const add = finderFor(line.major)
  return (['sync', 'async'] as const).flatMap((how) => {
    const title = how === 'sync' ? 'synchronous' : 'asynchronous'
    const most = (id: string): number | undefined => (id === 'plain' && how === 'sync' ? 3 : undefined)
    return contenders.flatMap((contender) => {
      const { id } = contender
      const cost = add(`Unsampled call, ${title}`, contender.title, 'ns', rounds.median(id, how))
      if (id === 'storage') return [cost]
      const ratio = rounds.ratio(id, 'storage', how)
      return [
        cost,
        add(
          `Unsampled call, ${title}, over bare AsyncLocalStorage.run`,
          contender.title,
          'x',
          ratio,
          most(id),
        ),
      ]
    })
  })
}

function measureSampled(laboratory: Laboratory, line: Line): readonly Finding[] {
  const program = laboratory.program('bursts.cjs', 'tiny')
  const args = [String(laboratory.effort(BURSTS))]
  const env = laboratory.plain
  const contenders: readonly Contender[] = [
    {
      id: 'agent',
      title: AGENT,
      program,
      args,
      flags: agentFlags(laboratory, 'cjs'),
      env: { ...env, ...EVERY_CALL, ZEN_TELEMETRY_EXPORTER: 'none' },
    },
    {
      id: 'least',
      title: 'control: clocks, process.env, AsyncLocalStorage.run, bytes to shared memory',
      program,
      args: [...args, 'least'],
      flags: [],
      env,
    },
    { ...openTelemetry(env), program, args },
  ]
  const rounds = interleave(contenders, laboratory.effort(ROUNDS / 2), laboratory.random, (contender) =>
    runProgram(line.binary, contender),
  )
  const add = finderFor(line.major)
  return contenders.map(({ id, title }) =>
    add(
      'Sampled call, handed over',
      title,
      'ns',
      rounds.median(id, 'call'),
      id === 'agent' ? 2000 : undefined,
    ),
  )
}

function measureOneMillisecond(laboratory: Laboratory, line: Line): readonly Finding[] {
  const program = laboratory.program('one-millisecond.cjs', 'tiny')
  const args = [String(ONE_MS_SECONDS)]
  const stockPair = join(installPeer('stock-pair'), 'start.cjs')
  const env = laboratory.delivering
  const contenders: readonly Contender[] = [
    { id: 'bare', title: 'no preload', program, args, flags: [], env },
    {
      id: 'thread',
      title: 'control: a bare thread that wakes up every 50 ms',
      program,
      args: [...args, '0'],
      flags: [],
      env,
    },
    {
      id: 'working',
      title: `control: the same, with ${LINES_OF_WORK} lines of JSON each time`,
      program,
      args: [...args, String(LINES_OF_WORK)],
      flags: [],
      env,
    },
    {
      id: 'unsampled',
      title: `${AGENT}, no call sampled`,
      program,
      args,
      flags: agentFlags(laboratory, 'cjs'),
      env: { ...env, ZEN_TELEMETRY_SAMPLE_RATE: '0' },
    },
    {
      id: 'agent',
      title: `${AGENT}, every call sampled`,
      program,
      args,
      flags: agentFlags(laboratory, 'cjs'),
      env: { ...env, ...EVERY_CALL },
    },
    {
      id: 'stock',
      title: 'stock pair, every call sampled',
      program,
      args,
      flags: preloadFlags('cjs', stockPair),
      env,
      talks: true,
      every: 2,
    },
  ]
  const rounds = interleave(contenders, laboratory.effort(ONE_MS_ROUNDS), laboratory.random, (contender) =>
    runProgram(line.binary, contender),
  )
  const add = finderFor(line.major)
  const table = 'p99 of an asynchronous call of one millisecond, over no preload'
  return contenders
    .slice(1)
    .map(({ id, title }) =>
      add(table, title, 'x', rounds.ratio(id, 'bare', 'p99'), id === 'agent' ? 1.01 : undefined),
    )
}

/** The stock pair with an exporter that throws everything away: what a span costs before any export. */
function openTelemetry(env: Readonly<Record<string, string>>): Omit<Contender, 'program'> {
  return {
    id: 'opentelemetry',
    title: 'OpenTelemetry startActiveSpan',
    flags: preloadFlags('cjs', join(installPeer('stock-pair'), 'start.cjs')),
    env: {
      ...env,
      BENCH_EXPORTER: 'none',
      METADATA_SERVER_DETECTION: 'none',
      OTEL_NODE_RESOURCE_DETECTORS: 'env',
    },
    talks: true,
  }
}
