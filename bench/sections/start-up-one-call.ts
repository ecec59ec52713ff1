import { join } from 'node:path'
import type { Contender } from '../contender.ts'
import { type Finding, finderFor } from '../finding.ts'
import { installPeer } from '../install-peer.ts'
import { interleave } from '../interleave.ts'
import type { Laboratory } from '../laboratory.ts'
import { extensionOf, type ModuleKind, ownPreload, preloadFlags, titleOf } from '../module-kind.ts'
import { runProgram, type Sample } from '../run-program.ts'
import type { Line } from '../section.ts'
import { AGENT, agentFlags, EVERY_CALL } from '../this-agent.ts'

const ROUNDS = 100

/** What is added until one traced call is done, and to the end of a process that has a span to send. */
export function measureOneCall(laboratory: Laboratory, line: Line, kind: ModuleKind): readonly Finding[] {
  const contenders = createContenders(laboratory, kind)
  const rounds = interleave(contenders, laboratory.rounds(ROUNDS), laboratory.random, (contender) =>
    runProgram(line.binary, contender),
  )
  const add = finderFor(line.major)
  const started = `Start-up with one traced call, ${titleOf(kind)}: until the call is done`
  const ended = `Delay of the exit with a span to send, ${titleOf(kind)}`
  return contenders.flatMap(({ id, title }) => {
    if (id.startsWith('empty')) return []
    const baseline = id === 'local' || id === 'control' ? 'empty' : 'empty-cloud'
    const [mostStarted, mostEnded] = id === 'local' || id === 'cloud' ? [15, 200] : []
    return [
      add(started, title, '+ms', rounds.added(id, baseline, 'done'), mostStarted),
      add(
        ended,
        title,
        '+ms',
        rounds.compare(id, baseline, (own, other) => tail(own) - tail(other)),
        mostEnded,
      ),
    ]
  })
}

function createContenders(laboratory: Laboratory, kind: ModuleKind): readonly Contender[] {
  const { plain, delivering } = laboratory
  const program = laboratory.program(`one-call.${extensionOf(kind)}`, `zen-${kind}`)
  const empty = { title: 'empty preload', program, flags: ownPreload(kind, 'empty') }
  const agent = { program, flags: agentFlags(laboratory, kind) }
  const control = { program, flags: ownPreload(kind, 'bare-agent'), every: 2 }
  const stockPair = join(installPeer('stock-pair'), `start.${extensionOf(kind)}`)
  const toFile = { ...plain, ...EVERY_CALL, ZEN_TELEMETRY_EXPORTER: 'local' }
  const toCloud = { ...delivering, ...EVERY_CALL }
  return [
    { ...empty, id: 'empty', env: plain },
    { ...agent, id: 'local', title: `${AGENT}, to a local file`, env: toFile },
    { ...control, id: 'control', title: 'control: hooks, a storage, a thread that does nothing', env: plain },
    { ...empty, id: 'empty-cloud', env: delivering },
    { ...agent, id: 'cloud', title: `${AGENT}, to Cloud Trace`, env: toCloud },
    {
      ...control,
      id: 'control-cloud',
      title: "control: the same, its thread sends one request with Node's own modules",
      env: delivering,
    },
    {
      id: 'stock-pair',
      title: 'stock pair, to Cloud Trace',
      program,
      flags: preloadFlags(kind, stockPair),
      env: delivering,
      // It says that it is deprecated.
      talks: true,
      every: 20,
    },
  ]
}

/** From the end of the program's own work to the end of the process, in milliseconds. */
function tail({ wall = Number.NaN, done = Number.NaN }: Sample): number {
  return wall - done
}
