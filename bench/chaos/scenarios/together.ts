import { setTimeout as sleep } from 'node:timers/promises'
import { corruptJournal } from '../corrupt-journal.ts'
import { code, FINAL, oneIn, RETRYABLE } from './answers.ts'
import { CALLS, type Scenario } from './scenario.ts'

/** Several processes, and everything at once. */
export const TOGETHER: readonly Scenario[] = [
  {
    id: 'many-processes',
    hasOutage: true,
    title: 'four processes on one state folder; the service refuses connections, two of them end meanwhile',
    async play(stage) {
      await stage.fail({ kind: 'refuse' })
      const programs = await Promise.all(Array.from({ length: 4 }, () => stage.start()))
      await Promise.all(programs.map((program) => program.work(CALLS)))
      await Promise.all(programs.slice(0, 2).map((program) => stage.end(program)))
      await stage.heal()
      await stage.settled()
      await Promise.all(programs.slice(2).map((program) => stage.end(program)))
    },
  },
  {
    id: 'everything',
    hasOutage: true,
    title: 'all of it: refused, hanging, retryable and final codes, bad spans, three processes, one killed',
    mayLose: 160,
    async play(stage) {
      const programs = await Promise.all(Array.from({ length: 3 }, () => stage.start()))
      // What the kill costs is bounded once the destination is known, and is a matter of time: so at a pace.
      await Promise.all(programs.map((program) => program.work(1)))
      await stage.settled()
      await stage.fail({ kind: 'refuse' })
      await Promise.all(programs.map((program) => program.work(CALLS, 5)))
      const [killed, ...others] = programs
      if (killed) await stage.end(killed, 'SIGKILL')
      if (stage.contender.id === 'agent') corruptJournal(stage.stateFolder)
      await sleep(stage.times.shortMs)
      await stage.heal()
      for (const fault of [
        { kind: 'hang', times: 1 },
        code(stage, RETRYABLE[0]),
        code(stage, FINAL[1]),
      ] as const) {
        await stage.failFirst(fault)
        await Promise.all(others.map((program) => program.work(10)))
        await sleep(stage.times.shortMs)
      }
      await stage.fail({ kind: 'picky', refuses: oneIn(64) })
      await stage.settled()
      await Promise.all(others.map((program) => stage.end(program)))
    },
  },
]
