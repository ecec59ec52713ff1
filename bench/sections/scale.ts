import type { Section } from '../section.ts'
import { measureConcurrency } from './scale-concurrency.ts'
import { measureJournal } from './scale-journal.ts'
import { measureProcesses } from './scale-processes.ts'
import { measureRates } from './scale-rates.ts'

/** Node on which the slow curves are measured: they say how the agent grows, which no line of Node changes. */
const SLOW_ON = 26

/** How the cost of a call grows with what happens beside it. It must stay flat. */
export const scale: Section = {
  name: 'scale',
  async measure(laboratory, line) {
    const parts = [measureConcurrency(laboratory, line), await measureRates(laboratory, line)]
    if (line.major === SLOW_ON)
      parts.push(await measureProcesses(laboratory, line), measureJournal(laboratory, line))
    return {
      findings: parts.flatMap(({ findings }) => findings),
      curves: parts.flatMap(({ curves = [] }) => curves),
    }
  },
}
