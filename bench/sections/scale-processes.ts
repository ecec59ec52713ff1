import { type Findings, finderFor } from '../finding.ts'
import type { Laboratory } from '../laboratory.ts'
import type { ChartName } from '../report/charts.ts'
import { runTogether } from '../run-together.ts'
import type { Line } from '../section.ts'
import { estimateMedian } from '../statistics.ts'
import { AGENT, agentFlags } from '../this-agent.ts'

const PROCESSES = [1, 4, 16, 64]
const SECONDS = 4
/** What each process may take to start, with all others starting on the same cores. */
const START_MS = 250
const FIRST_MS = 1500
const CHART: ChartName = 'processes'

/** From one process to 64, all on the cores of this machine. */
export async function measureProcesses(laboratory: Laboratory, line: Line): Promise<Findings> {
  const program = laboratory.program('one-of-many.cjs', 'tiny')
  const seconds = String(laboratory.effort(SECONDS))
  const subjects = [
    { title: 'no preload', flags: [] },
    { title: `${AGENT}, default rate, to Cloud Trace`, flags: agentFlags(laboratory, 'cjs') },
  ]
  const add = finderFor(line.major)
  const findings = []
  const curves = []
  for (const { title, flags } of subjects) {
    const points: [number, number][] = []
    for (const count of PROCESSES) {
      const start = Date.now() + FIRST_MS + START_MS * count
      const samples = await runTogether(
        line.binary,
        Array.from({ length: count }, (_, index) => ({
          id: String(index),
          title,
          flags,
          program,
          args: [String(start), seconds],
          env: laboratory.delivering,
          // 64 exits at once on two cores may take longer than one may wait, which it says.
          talks: true,
        })),
      )
      const estimate = estimateMedian(samples.map(({ call = Number.NaN }) => call))
      const subject = `${title}, ${count} process${count === 1 ? '' : 'es'}`
      findings.push(add('Scale: application thread for one call, by processes', subject, 'µs', estimate))
      points.push([count, estimate.value])
    }
    curves.push({ chart: CHART, label: title, points })
  }
  return { findings, curves }
}
