/** `npm run chaos`: this agent and the stock pairs through everything that can go wrong, in one run. */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installPeer } from '../install-peer.ts'
import { installTarball } from '../install-tarball.ts'
import { writeChaosPage } from './chaos-page.ts'
import { type ChaosRow, chaosTable } from './chaos-table.ts'
import { agentContender, type Contender, stockContenders } from './contender.ts'
import { SCENARIOS } from './scenarios.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { type ChaosTimes, measureBaseline, playScenario } from './stage.ts'

const USAGE = `npm run chaos -- [--only ID,ID] [--agent] [--quick] [--write]
  --only   these scenarios: ${SCENARIOS.map(({ id }) => id).join(', ')}
  --agent  this agent alone
  --quick  short outages, with time-outs of one second
  --write  put what was played into the table of docs/RELIABILITY.md, after each scenario; the others stay as they are
`
/** Longest time-outs: 30 s for a request (this agent, the batch processor), 10 s (the OTLP exporter). */
const TIMES: ChaosTimes = { shortMs: 5000, longMs: 45_000, patienceMs: 45_000, environment: {} }
const QUICK: ChaosTimes = {
  shortMs: 1000,
  longMs: 8000,
  patienceMs: 15_000,
  environment: {
    ZEN_TELEMETRY_EXPORT_TIMEOUT: '2',
    OTEL_BSP_EXPORT_TIMEOUT: '2000',
    OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
  },
}

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    agent: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const unknown =
  values.only?.split(',').filter((id) => !SCENARIOS.some((scenario) => scenario.id === id)) ?? []
if (values.help) process.stdout.write(USAGE)
else if (unknown.length > 0) refuse(`there is no scenario ${unknown.join(', ')}`)
else if (values.write && (values.agent || values.quick)) {
  refuse('the page holds whole outages and all contenders: --write goes with neither --agent nor --quick')
} else await chaos()

function refuse(why: string): void {
  process.stderr.write(`${why}\n${USAGE}`)
  process.exitCode = 2
}

async function chaos(): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'zen-chaos-agent-')))
  try {
    const agent = agentContender(installTarball(folder).cjs)
    const contenders = values.agent ? [agent] : [agent, ...stockContenders(installPeer('stock-pair'))]
    const times = values.quick ? QUICK : TIMES
    const baseline = await measureBaseline(['return', 'exit', 'throw', 'SIGTERM', 'SIGKILL'])
    const rows: ChaosRow[] = []
    const wanted = values.only?.split(',')
    for (const scenario of SCENARIOS.filter(({ id }) => wanted?.includes(id) ?? true)) {
      if (scenario.needsRoot && process.getuid?.() !== 0) continue
      const play = async (contender: Contender): Promise<ChaosRow> => {
        const reason = scenario.without?.(contender.id)
        return {
          scenario,
          contender,
          result: reason ?? (await playScenario(contender, times, baseline, scenario.play)),
        }
      }
      const began = performance.now()
      const played: ChaosRow[] = []
      if (scenario.hasOutage) played.push(...(await Promise.all(contenders.map(play))))
      else for (const contender of contenders) played.push(await play(contender))
      rows.push(...played)
      tell(played)
      process.stdout.write(`${scenario.id} took ${Math.round((performance.now() - began) / 1000)} s\n`)
      check(scenario, rows)
      // What was played is kept if the run is stopped.
      if (values.write) writeChaosPage(played)
    }
    if (!values.write) process.stdout.write(`\n${chaosTable(rows)}\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Says how far the run is. */
function tell(rows: readonly ChaosRow[]): void {
  process.stdout.write(`${chaosTable(rows).split('\n').slice(2).join('\n')}\n`)
  if (!values.verbose) return
  for (const { result } of rows)
    if (typeof result !== 'string') process.stdout.write(`${result.stderr.join('\n')}\n`)
}

/** The run fails where this agent falls short of what it promises. */
function check(scenario: Scenario, rows: readonly ChaosRow[]): void {
  const own = rows.find((row) => row.scenario === scenario)?.result
  if (own === undefined || typeof own === 'string') return
  const missing = own.produced - own.delivered - (own.counted['rejected'] ?? 0)
  const mayLose = scenario.mayLose ?? 0
  if (own.lost <= mayLose && (scenario.mayDrop === true || missing <= mayLose)) return
  process.stderr.write(`${scenario.id}: ${own.produced - own.delivered} not delivered, ${own.lost} lost\n`)
  process.exitCode = 1
}
