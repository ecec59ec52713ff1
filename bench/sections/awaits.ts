import type { Contender } from '../contender.ts'
import { finderFor } from '../finding.ts'
import { interleave } from '../interleave.ts'
import { runProgram } from '../run-program.ts'
import type { Section } from '../section.ts'
import { AGENT, agentFlags } from '../this-agent.ts'

const ROUNDS = 3
/** The loop differs by a few percent from one process to the next. */
const MOST = 1.1

const PHASES = [
  { id: 'before', title: 'before any traced call', most: MOST },
  { id: 'during', title: 'while a traced call is open', most: undefined },
  { id: 'after', title: 'later than a second after the last one', most: MOST },
] as const

/** What the application's own `await` costs, outside any traced call. */
export const awaits: Section = {
  name: 'awaits',
  measure(laboratory, line) {
    const program = laboratory.program('await.cjs', 'tiny')
    const env = laboratory.plain
    const contenders: readonly Contender[] = [
      { id: 'bare', title: 'no preload', program, flags: [], env },
      {
        id: 'agent',
        title: AGENT,
        program,
        flags: agentFlags(laboratory, 'cjs'),
        env: { ...env, ZEN_TELEMETRY_SAMPLE_RATE: '0' },
      },
    ]
    const rounds = interleave(contenders, laboratory.effort(ROUNDS), laboratory.random, (contender) =>
      runProgram(line.binary, contender),
    )
    const add = finderFor(line.major)
    return {
      findings: PHASES.flatMap(({ id, title, most }) => [
        add('await outside any traced call', `no preload, ${title}`, 'ns', rounds.median('bare', id)),
        add('await outside any traced call', `${AGENT}, ${title}`, 'ns', rounds.median('agent', id)),
        add(
          'await outside any traced call, over no preload',
          title,
          'x',
          rounds.ratio('agent', 'bare', id),
          most,
        ),
      ]),
    }
  },
}
