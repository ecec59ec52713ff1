import type { EndKind } from '../program.ts'
import { CALLS, type Scenario } from './scenario.ts'

/** The process ends, in every way there is. */
export const ENDS: readonly Scenario[] = [
  ...(['return', 'exit', 'SIGTERM', 'throw'] as const).map((kind) => ending(kind)),
  {
    id: 'sigkill',
    title: 'SIGKILL in the middle of the work',
    mayLose: 80,
    async play(stage) {
      const program = await stage.start()
      // What is lost is bounded once the destination is known.
      await program.work(CALLS / 4)
      await stage.settled()
      void program.work(10_000, 5)
      await program.hasMade(800)
      await stage.end(program, 'SIGKILL')
    },
  },
]

function ending(kind: EndKind): Scenario {
  const titles: Partial<Record<EndKind, string>> = {
    return: 'the program comes to its end',
    exit: 'process.exit(3)',
    SIGTERM: 'SIGTERM',
    throw: 'an uncaught exception',
  }
  return {
    id: kind.toLowerCase(),
    title: titles[kind] ?? kind,
    async play(stage) {
      const program = await stage.start()
      await program.work(CALLS)
      await stage.end(program, kind)
    },
  }
}
