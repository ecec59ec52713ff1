import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { fillJournal } from '../fill-journal.ts'
import { type Findings, finderFor } from '../finding.ts'
import { interleave } from '../interleave.ts'
import type { Laboratory } from '../laboratory.ts'
import type { ChartName } from '../report/charts.ts'
import { runProgram } from '../run-program.ts'
import type { Line } from '../section.ts'
import { AGENT, agentFlags, EVERY_CALL } from '../this-agent.ts'

const MEGABYTES = [0, 5, 20, 50]
const ROUNDS = 8
const CHART: ChartName = 'journal'

/** What waits in the journal, left by processes that are dead, must not slow the next one down. */
export function measureJournal(laboratory: Laboratory, line: Line): Findings {
  const state = join(laboratory.folder, 'journal-state')
  const filled = (megabytes: number): string => join(laboratory.folder, `journal-${megabytes}`)
  for (const megabytes of MEGABYTES) fillJournal(laboratory, line, filled(megabytes), megabytes)
  const contenders: readonly Contender[] = MEGABYTES.map((megabytes) => ({
    id: String(megabytes),
    title: `${megabytes} MB`,
    program: laboratory.program('one-call.cjs', 'zen-cjs'),
    flags: agentFlags(laboratory, 'cjs'),
    env: {
      ...laboratory.delivering,
      ...EVERY_CALL,
      ZEN_TELEMETRY_DIR: state,
    },
    talks: true,
  }))
  const rounds = interleave(contenders, laboratory.effort(ROUNDS), laboratory.random, (contender) => {
    rmSync(state, { recursive: true, force: true })
    cpSync(filled(Number(contender.id)), state, { recursive: true })
    return runProgram(line.binary, contender)
  })
  const add = finderFor(line.major)
  return {
    findings: contenders.flatMap(({ id, title }) => [
      add(
        'Scale: one traced call, by what waits in the journal',
        `${title}, until it is done`,
        'ms',
        rounds.median(id, 'done'),
      ),
      add(
        'Scale: one traced call, by what waits in the journal',
        `${title}, whole process`,
        'ms',
        rounds.median(id, 'wall'),
      ),
    ]),
    curves: (['done', 'wall'] as const).map((measure) => ({
      chart: CHART,
      label: measure === 'done' ? `${AGENT}, until the call is done` : `${AGENT}, whole process`,
      points: MEGABYTES.map(
        (megabytes) => [megabytes, rounds.median(String(megabytes), measure).value] as const,
      ),
    })),
  }
}
