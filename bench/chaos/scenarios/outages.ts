import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../../../fixtures/google-cloud/fault.ts'
import { CALLS, type Scenario } from './scenario.ts'

const SAMPLERS_LOOK_MS = 3000

/** The service is not there, or does not answer. */
export const OUTAGES: readonly Scenario[] = [
  outage('refuse-short', 'the service refuses connections for a short while', { kind: 'refuse' }, 'shortMs'),
  outage('refuse-long', 'the service refuses connections for long', { kind: 'refuse' }, 'longMs'),
  outage('hang-short', 'the service hangs, shorter than any time-out', { kind: 'hang' }, 'shortMs'),
  outage('hang-long', 'the service hangs, longer than any time-out', { kind: 'hang' }, 'longMs'),
  {
    id: 'ends-in-outage',
    title: 'the process ends while the service refuses connections',
    async play(stage) {
      await stage.fail({ kind: 'refuse' })
      const program = await stage.start()
      await program.work(CALLS)
      await stage.end(program)
    },
  },
  {
    id: 'ends-in-hang',
    title: 'the process ends while the service hangs',
    async play(stage) {
      await stage.fail({ kind: 'hang' })
      const program = await stage.start()
      await program.work(CALLS)
      await stage.end(program)
    },
  },
]

function outage(id: string, title: string, fault: Fault, lasts: 'shortMs' | 'longMs'): Scenario {
  return {
    id,
    title,
    hasOutage: true,
    async play(stage) {
      const program = await stage.start()
      await program.work(CALLS / 4)
      await stage.fail(fault)
      await program.work(CALLS)
      await sleep(stage.times[lasts])
      await stage.heal()
      await stage.settled(stage.times.patienceMs)
      // Samplers look now and then whether the bound of the outage still holds.
      await sleep(SAMPLERS_LOOK_MS)
      await program.work(CALLS / 4)
      await stage.settled()
      await stage.end(program)
    },
  }
}
