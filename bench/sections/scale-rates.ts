import type { Contender } from '../contender.ts'
import { type Findings, finderFor } from '../finding.ts'
import type { Laboratory } from '../laboratory.ts'
import type { ChartName } from '../report/charts.ts'
import { runTogether } from '../run-together.ts'
import type { Line } from '../section.ts'
import { exactly } from '../statistics.ts'
import { AGENT, agentFlags } from '../this-agent.ts'

const SLOW_RATES = [1, 10, 100]
const FAST_RATES = [1000, 10_000, 100_000]
const SLOW_SECONDS = 4
const FAST_SECONDS = 2
const CHART: ChartName = 'rate'

/** From one call a second to 100,000. The slow ones run at the same time, as they leave the machine idle. */
export async function measureRates(laboratory: Laboratory, line: Line): Promise<Findings> {
  const program = laboratory.program('rate.cjs', 'tiny')
  const env = { ...laboratory.plain, ZEN_TELEMETRY_EXPORTER: 'none' }
  const subjects = [
    { title: 'no preload', flags: [] },
    { title: `${AGENT}, default rate`, flags: agentFlags(laboratory, 'cjs') },
  ]
  const contender = (index: number, rate: number, seconds: number): Contender => ({
    id: String(index),
    title: subjects[index]?.title ?? '',
    flags: subjects[index]?.flags ?? [],
    program,
    env,
    args: [String(rate), String(seconds)],
  })
  const points = subjects.map(() => new Map<number, number>())
  for (const rates of [SLOW_RATES, ...FAST_RATES.map((rate) => [rate])]) {
    const seconds = laboratory.effort(rates === SLOW_RATES ? SLOW_SECONDS : FAST_SECONDS)
    for (const [index] of subjects.entries()) {
      const samples = await runTogether(
        line.binary,
        rates.map((rate) => contender(index, rate, seconds)),
      )
      for (const [at, rate] of rates.entries()) points[index]?.set(rate, samples[at]?.['call'] ?? Number.NaN)
    }
  }
  const add = finderFor(line.major)
  return {
    findings: subjects.flatMap(({ title }, index) =>
      [...(points[index] ?? [])].map(([rate, call]) =>
        add(
          'Scale: median of one synchronous call',
          `${title}, ${rate.toLocaleString('en')} a second`,
          'ns',
          exactly(call),
        ),
      ),
    ),
    curves: subjects.map(({ title }, index) => ({
      chart: CHART,
      label: `${title}, Node ${line.major}`,
      points: [...(points[index] ?? [])],
    })),
  }
}
