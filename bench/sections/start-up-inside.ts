import { type Finding, finderFor } from '../finding.ts'
import { interleave } from '../interleave.ts'
import type { Laboratory } from '../laboratory.ts'
import { extensionOf, type ModuleKind, ownPreload, titleOf } from '../module-kind.ts'
import { runProgram } from '../run-program.ts'
import type { Line } from '../section.ts'
import { createOwnContenders } from './start-up-idle.ts'

const ROUNDS = 30

/**
 * Measures preloads between two marks, which are preloads themselves: what Node takes to start, by far the larger and
 * more restless part of the whole process, is left out. So a millisecond can be told apart on a busy machine.
 */
export function measurePreload(laboratory: Laboratory, line: Line, kind: ModuleKind): readonly Finding[] {
  const program = laboratory.program(`preloaded.${extensionOf(kind)}`, 'plain')
  const marked = createOwnContenders(laboratory, line, kind).map((contender) => ({
    ...contender,
    program,
    flags: [...ownPreload(kind, 'mark-before'), ...contender.flags, ...ownPreload(kind, 'mark-after')],
  }))
  const rounds = interleave(marked, laboratory.effort(ROUNDS), laboratory.random, (contender) =>
    runProgram(line.binary, contender),
  )
  const add = finderFor(line.major)
  const table = `Start-up, no target loaded, ${titleOf(kind)}: inside the process`
  return marked
    .slice(1)
    .flatMap(({ id, title }) => [
      add(table, `${title}: the preload`, '+ms', rounds.added(id, 'empty', 'preload')),
      add(table, `${title}: the program after it`, '+ms', rounds.added(id, 'empty', 'rest')),
    ])
}
