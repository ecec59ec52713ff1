import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { type Finding, finderFor } from '../finding.ts'
import { generateApplication } from '../generate-application.ts'
import { installPeer } from '../install-peer.ts'
import { interleave } from '../interleave.ts'
import type { Laboratory } from '../laboratory.ts'
import { type ModuleKind, ownPreload, preloadFlags, titleOf } from '../module-kind.ts'
import { runProgram } from '../run-program.ts'
import type { Line, Section } from '../section.ts'
import { AGENT, agentFlags } from '../this-agent.ts'

const ROUNDS = 12
const MODULES = 3000

/** A large application that never loads a target. */
export const manyModules: Section = {
  name: 'many-modules',
  measure: (laboratory, line) => ({
    findings: (['cjs', 'esm'] as const).flatMap((kind) => measureKind(laboratory, line, kind)),
  }),
}

function measureKind(laboratory: Laboratory, line: Line, kind: ModuleKind): readonly Finding[] {
  const program = generateApplication(join(laboratory.folder, 'many', kind), MODULES, kind)
  const peer =
    kind === 'cjs'
      ? { title: 'require-in-the-middle with a list', file: 'require-in-the-middle.cjs' }
      : { title: 'import-in-the-middle on every module', file: 'import-in-the-middle.mjs' }
  const rest = { program, env: laboratory.plain }
  const contenders: readonly Contender[] = [
    { ...rest, id: 'empty', title: 'empty preload', flags: ownPreload(kind, 'empty') },
    { ...rest, id: 'agent', title: AGENT, flags: agentFlags(laboratory, kind) },
    {
      ...rest,
      id: 'control',
      title: 'control: hooks of Node that do nothing',
      flags: ownPreload(kind, 'bare-hooks'),
    },
    {
      ...rest,
      id: 'peer',
      title: peer.title,
      flags: preloadFlags(kind, join(installPeer('opentelemetry'), peer.file)),
      every: 5,
      talks: true,
    },
  ]
  const rounds = interleave(contenders, laboratory.effort(ROUNDS), laboratory.random, (contender) =>
    runProgram(line.binary, contender),
  )
  const add = finderFor(line.major)
  const table = `Application of 3,000 modules, ${titleOf(kind)}`
  return [
    add(table, 'empty preload', 'ms', rounds.median('empty', 'wall')),
    ...contenders
      .slice(1)
      .map(({ id, title }) =>
        add(
          `${table}, over an empty preload`,
          title,
          'x',
          rounds.ratio(id, 'empty', 'wall'),
          id === 'agent' ? 1.05 : undefined,
        ),
      ),
  ]
}
