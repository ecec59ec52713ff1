import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { type Findings, finderFor } from '../finding.ts'
import { installPeer } from '../install-peer.ts'
import { interleave } from '../interleave.ts'
import type { Laboratory } from '../laboratory.ts'
import { preloadFlags } from '../module-kind.ts'
import type { ChartName } from '../report/charts.ts'
import { runProgram } from '../run-program.ts'
import type { Line } from '../section.ts'
import { AGENT, agentFlags } from '../this-agent.ts'

const ROUNDS = 3
const AT_THE_SAME_TIME = [1, 10, 100, 1000]
const CALLS = 20_000
const CHART: ChartName = 'concurrency'

/** From one call at a time to a thousand. */
export function measureConcurrency(laboratory: Laboratory, line: Line): Findings {
  const program = laboratory.program('concurrent.cjs', 'tiny')
  const calls = String(laboratory.effort(CALLS))
  const env = laboratory.plain
  const stockPair = join(installPeer('stock-pair'), 'start.cjs')
  const subjects = [
    { id: 'bare', title: 'no preload', flags: [], env },
    {
      id: 'agent',
      title: `${AGENT}, default rate`,
      flags: agentFlags(laboratory, 'cjs'),
      env: { ...env, ZEN_TELEMETRY_EXPORTER: 'none' },
    },
    {
      id: 'stock',
      title: 'stock pair, nothing exported',
      flags: preloadFlags('cjs', stockPair),
      env: {
        ...env,
        BENCH_EXPORTER: 'none',
        METADATA_SERVER_DETECTION: 'none',
        OTEL_NODE_RESOURCE_DETECTORS: 'env',
      },
      talks: true,
    },
  ]
  const contenders: readonly Contender[] = AT_THE_SAME_TIME.flatMap((count) =>
    subjects.map((subject) => ({
      ...subject,
      id: `${subject.id}-${count}`,
      program,
      args: [String(count), calls],
    })),
  )
  const rounds = interleave(
    contenders,
    laboratory.effort(ROUNDS),
    laboratory.random,
    (contender) => runProgram(line.binary, contender),
    false,
  )
  const add = finderFor(line.major)
  const traced = subjects.slice(1)
  return {
    findings: traced.flatMap(({ id, title }) =>
      AT_THE_SAME_TIME.map((count) =>
        add(
          'Scale: application thread for one call, over no preload',
          `${title}, ${count} at the same time`,
          'µs',
          rounds.added(`${id}-${count}`, `bare-${count}`, 'call'),
        ),
      ),
    ),
    curves: traced.map(({ id, title }) => ({
      chart: CHART,
      label: `${title}, Node ${line.major}`,
      points: AT_THE_SAME_TIME.map(
        (count) => [count, rounds.added(`${id}-${count}`, `bare-${count}`, 'call').value] as const,
      ),
    })),
  }
}
