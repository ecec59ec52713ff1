import { beforeAll, describe, expect, it } from 'vitest'
import { agentContender } from '../../bench/chaos/contender.ts'
import type { EndKind } from '../../bench/chaos/program.ts'
import { SCENARIOS } from '../../bench/chaos/scenarios.ts'
import { type ChaosTimes, measureBaseline, playScenario } from '../../bench/chaos/stage.ts'
import { registerFiles } from '../support/packed-agent.ts'

/** The outages of `npm run chaos`, as short as they can be and still be longer than a time-out. */
const TIMES: ChaosTimes = {
  shortMs: 500,
  longMs: 4000,
  // The longest pause between two tries, and what a busy machine takes.
  patienceMs: 40_000,
  environment: { ZEN_TELEMETRY_EXPORT_TIMEOUT: '1' },
}
/** What a kill takes depends on how busy the machine is: `npm run chaos` measures it, `journal.test.ts` tests the rest. */
const NOT_HERE = new Set(['sigkill'])
const isRoot = process.getuid?.() === 0
const MOST_MS = 240_000

let baseline: ReadonlyMap<EndKind, number>
beforeAll(async () => {
  baseline = await measureBaseline([])
})

describe('chaos', () => {
  it.each(SCENARIOS.filter(({ id, needsRoot }) => !NOT_HERE.has(id) && (isRoot || !needsRoot)))(
    'loses nothing without a count: $title',
    async ({ play, mayDrop, mayLose = 0 }) => {
      const result = await playScenario(agentContender(registerFiles.cjs), TIMES, baseline, play)
      const { produced, delivered, lost, counted, stderr } = result
      const seen = JSON.stringify({ ...result, stderr: stderr.map((text) => text.slice(-2000)) })
      expect(lost, seen).toBeLessThanOrEqual(mayLose)
      const missing = produced - delivered - (counted['rejected'] ?? 0)
      if (mayDrop === undefined) expect(missing, seen).toBeLessThanOrEqual(mayLose)
    },
    MOST_MS,
  )
})
