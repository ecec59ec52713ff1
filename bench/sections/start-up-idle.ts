import type { Contender } from '../contender.ts'
import { type Finding, finderFor } from '../finding.ts'
import { interleave } from '../interleave.ts'
import type { Laboratory } from '../laboratory.ts'
import { extensionOf, type ModuleKind, ownPreload, titleOf } from '../module-kind.ts'
import { installPeers } from '../peers.ts'
import { runProgram } from '../run-program.ts'
import type { Line } from '../section.ts'
import { AGENT, agentFlags } from '../this-agent.ts'

const ROUNDS = 100

/** What preloads add to a process that never loads a target. */
export function measureIdleStart(laboratory: Laboratory, line: Line, kind: ModuleKind): readonly Finding[] {
  const contenders = [...createContenders(laboratory, line, kind), ...besideTarget(laboratory, line, kind)]
  const rounds = interleave(contenders, laboratory.rounds(ROUNDS), laboratory.random, (contender) =>
    runProgram(line.binary, contender),
  )
  const add = finderFor(line.major)
  const whole = `Start-up, no target loaded, ${titleOf(kind)}: whole process`
  const done = `Start-up, no target loaded, ${titleOf(kind)}: until the program's work is done`
  const findings = contenders
    .filter(({ id }) => id !== 'empty' && !id.startsWith('beside'))
    .flatMap(({ id, title }) => [
      add(whole, title, '+ms', rounds.added(id, 'empty', 'wall'), expected(id, line, kind)),
      add(done, title, '+ms', rounds.added(id, 'empty', 'done')),
    ])
  findings.push(add(whole, 'empty preload, whole', 'ms', rounds.median('empty', 'wall')))
  if (line.major !== 20) return findings
  const [own, control] = kind === 'cjs' ? ['beside', 'beside-control'] : ['idle', 'control']
  const subject =
    kind === 'cjs' ? `${AGENT}, CommonJS with an ES module target in reach` : `${AGENT}, ES modules`
  const overThread = rounds.added(own ?? '', control ?? '', 'wall')
  return [
    ...findings,
    add('Start-up on Node 20, over a loader thread that does nothing', subject, '+ms', overThread, 5),
  ]
}

/** The contenders that are this agent or nobody's; the first is what all are compared with. */
export function createOwnContenders(
  laboratory: Laboratory,
  line: Line,
  kind: ModuleKind,
): readonly Contender[] {
  const { plain } = laboratory
  const program = laboratory.program(`nothing.${extensionOf(kind)}`, 'plain')
  const control =
    line.major === 20 ? 'control: loader thread alone' : 'control: hooks of Node that do nothing'
  const flags = agentFlags(laboratory, kind)
  return [
    { id: 'empty', title: 'empty preload', program, env: plain, flags: ownPreload(kind, 'empty') },
    { id: 'off', title: `${AGENT}, off`, program, env: { ...plain, ZEN_TELEMETRY_DISABLED: '1' }, flags },
    { id: 'idle', title: AGENT, program, env: plain, flags },
    { id: 'control', title: control, program, env: plain, flags: ownPreload(kind, 'bare-hooks') },
  ]
}

function createContenders(laboratory: Laboratory, line: Line, kind: ModuleKind): readonly Contender[] {
  const { plain } = laboratory
  const program = laboratory.program(`nothing.${extensionOf(kind)}`, 'plain')
  const peers = installPeers(line.major, laboratory).flatMap(({ id, title, flags, env }) =>
    flags[kind] === undefined
      ? []
      : [{ id, title, program, flags: flags[kind], env: { ...plain, ...env }, every: 10, talks: true }],
  )
  const none = { id: 'none', title: 'no preload', program, env: plain, flags: [], every: 10 }
  return [...createOwnContenders(laboratory, line, kind), none, ...peers]
}

/** Node 20 alone decides by what is in reach of the program whether it needs a loader thread. */
function besideTarget(laboratory: Laboratory, line: Line, kind: ModuleKind): readonly Contender[] {
  if (line.major !== 20 || kind !== 'cjs') return []
  const program = laboratory.program('nothing.cjs', 'zen-esm')
  const env = laboratory.plain
  return [
    { id: 'beside', title: AGENT, program, env, flags: agentFlags(laboratory, kind) },
    { id: 'beside-control', title: 'control', program, env, flags: ownPreload(kind, 'bare-hooks') },
  ]
}

/** Milliseconds. On Node 20 an ES module has its loader thread, which is compared with a bare one. */
function expected(id: string, { major }: Line, kind: ModuleKind): number | undefined {
  if (id === 'off') return 0.5
  if (id !== 'idle') return undefined
  if (major === 20) return kind === 'cjs' ? 6 : undefined
  return kind === 'cjs' ? 3 : 4
}
