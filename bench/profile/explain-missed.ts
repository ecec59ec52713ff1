import { type Finding, finderFor } from '../finding.ts'
import type { Laboratory } from '../laboratory.ts'
import { verdictOf } from '../report/tables.ts'
import type { Line } from '../section.ts'
import { exactly } from '../statistics.ts'
import { type ProfiledProgram, profiledPrograms } from './profiled-programs.ts'
import { createSourceOfBundle } from './source-of-bundle.ts'
import { takeProfile } from './take-profile.ts'

/** Parts with less of a thread's work are summed. */
const LEAST_SHARE = 0.04
const UNITS = { cpu: 'ms', heap: 'kB' } as const

/**
 * Profiles what missed its expectation, so that the report says where it goes.
 *
 * @param findings of one Node line
 * @returns one table for each thread, a line for each part
 * @throws Error if something was missed that no profile explains
 */
export function explainMissed(
  laboratory: Laboratory,
  line: Line,
  findings: readonly Finding[],
): readonly Finding[] {
  const missed = findings.filter((finding) => verdictOf(finding) === 'missed')
  const programs = profiledPrograms(laboratory)
  const unexplained = missed.find((finding) => !programs.some(({ explains }) => explains(finding)))
  if (unexplained) throw new Error(`no profile explains "${unexplained.table}: ${unexplained.subject}"`)
  const sourceOf = createSourceOfBundle()
  return programs
    .filter(({ explains }) => missed.some(explains))
    .flatMap((program) => tablesOf(program, line, takeProfile(laboratory, line, program, sourceOf)))
}

function tablesOf(
  { title, kind }: ProfiledProgram,
  { major }: Line,
  threads: ReturnType<typeof takeProfile>,
): readonly Finding[] {
  const add = finderFor(major)
  return [...threads].flatMap(([thread, parts]) => {
    const total = [...parts.values()].reduce((sum, amount) => sum + amount, 0)
    const large = [...parts]
      .filter(([, amount]) => amount >= total * LEAST_SHARE)
      .toSorted((a, b) => b[1] - a[1])
    const rest = total - large.reduce((sum, [, amount]) => sum + amount, 0)
    return [['all', total] as const, ...large, ['the rest', rest] as const].map(([part, amount]) =>
      add(`Profile of ${title}: ${thread}`, part, UNITS[kind], exactly(amount)),
    )
  })
}
