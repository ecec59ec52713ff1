import type { Contender } from '../contender.ts'
import { type Finding, finderFor } from '../finding.ts'
import { interleave } from '../interleave.ts'
import type { Laboratory } from '../laboratory.ts'
import { extensionOf, type ModuleKind, ownPreload, titleOf } from '../module-kind.ts'
import { runProgram } from '../run-program.ts'
import type { Line, Section } from '../section.ts'
import { AGENT, agentFlags } from '../this-agent.ts'

const ROUNDS = 10
const MOST_MB = 2
const MOST_WITH_LOADER_MB = 15

/** What the agent holds before the first sampled span. */
export const memory: Section = {
  name: 'memory',
  measure: (laboratory, line) => ({
    findings: (['cjs', 'esm'] as const).flatMap((kind) => measureKind(laboratory, line, kind)),
  }),
}

function measureKind(laboratory: Laboratory, line: Line, kind: ModuleKind): readonly Finding[] {
  const program = laboratory.program(`memory.${extensionOf(kind)}`, 'tiny')
  const rest = { program, env: { ...laboratory.plain, ZEN_TELEMETRY_SAMPLE_RATE: '0' } }
  const withGc = (flags: readonly string[]): readonly string[] => ['--expose-gc', ...flags]
  const contenders: readonly Contender[] = [
    { ...rest, id: 'empty', title: 'empty preload', flags: withGc(ownPreload(kind, 'empty')) },
    { ...rest, id: 'agent', title: AGENT, flags: withGc(agentFlags(laboratory, kind)) },
    {
      ...rest,
      id: 'control',
      title: 'control: hooks of Node that do nothing',
      flags: withGc(ownPreload(kind, 'bare-hooks')),
    },
  ]
  const rounds = interleave(contenders, laboratory.effort(ROUNDS), laboratory.random, (contender) =>
    runProgram(line.binary, contender),
  )
  const add = finderFor(line.major)
  const table = `Memory before the first sampled span, a target loaded, ${titleOf(kind)}`
  const most = line.major === 20 && kind === 'esm' ? MOST_WITH_LOADER_MB : MOST_MB
  const own = `${table}: without pages of files`
  return [
    add(table, 'empty preload, whole', 'MB', rounds.median('empty', 'memory')),
    ...contenders
      .slice(1)
      .map(({ id, title }) =>
        add(table, title, '+MB', rounds.added(id, 'empty', 'memory'), id === 'agent' ? most : undefined),
      ),
    // Code of Node that is used for the first time is read from its file, which all its processes share.
    add(own, 'empty preload, whole', 'MB', rounds.median('empty', 'own')),
    ...contenders.slice(1).map(({ id, title }) => add(own, title, '+MB', rounds.added(id, 'empty', 'own'))),
  ]
}
