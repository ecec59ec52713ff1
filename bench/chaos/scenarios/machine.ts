import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { corruptJournal } from '../corrupt-journal.ts'
import { agentOnly, CALLS, type Scenario } from './scenario.ts'

const KILL_EXPORT_THREAD = join(
  import.meta.dirname,
  '..',
  '..',
  'programs',
  'chaos',
  'kill-export-thread.cjs',
)

/** The machine itself gives way: disk, files, thread, queue. */
export const MACHINE: readonly Scenario[] = [
  {
    id: 'disk-full',
    needsRoot: true,
    title: 'the disk is full, and the service refuses connections for a short while',
    without: agentOnly,
    async play(stage) {
      mkdirSync(stage.stateFolder, { recursive: true })
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'chaos', stage.stateFolder])
      try {
        await stage.fail({ kind: 'refuse' })
        const program = await stage.start()
        await program.work(CALLS)
        await sleep(stage.times.shortMs)
        await stage.heal()
        await stage.settled()
        await stage.end(program)
      } finally {
        execFileSync('umount', ['--lazy', stage.stateFolder])
      }
    },
  },
  {
    id: 'journal-corrupted',
    title: 'the journal holds garbage, and copies of its own files that are cut and overwritten',
    without: agentOnly,
    async play(stage) {
      await stage.fail({ kind: 'refuse' })
      const first = await stage.start()
      await first.work(CALLS)
      await stage.end(first)
      await stage.heal()
      corruptJournal(stage.stateFolder)
      const second = await stage.start()
      await second.work(CALLS)
      await stage.settled()
      await stage.end(second)
    },
  },
  {
    id: 'thread-killed',
    title: 'the export thread is killed in the middle of the work',
    without: agentOnly,
    async play(stage) {
      const program = await stage.start({ before: KILL_EXPORT_THREAD })
      const working = program.work(2 * CALLS, 10)
      await program.hasMade(CALLS)
      program.child.kill('SIGUSR2')
      await working
      await stage.settled()
      await stage.end(program)
    },
  },
  {
    id: 'burst',
    title: 'a burst of 20,000 spans at once, far above the queue',
    mayDrop: true,
    async play(stage) {
      const program = await stage.start()
      await program.burst(5000)
      await stage.settled()
      await stage.end(program)
    },
  },
]
