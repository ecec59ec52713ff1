import type { Logger } from '../shared/log.ts'
import { storeRateBound } from '../transport/rate-bound.ts'
import { Word } from '../transport/control-block.ts'
import { takeVitalSigns } from '../transport/vital-signs.ts'
import { createLoadControl, type LoadControl } from './load/load-control.ts'
import type { LoadPace } from './load/load-watch.ts'
import type { Tuning } from './load/reactions.ts'

/** What is watched, and how patiently. */
export interface LoadOfProcessOptions {
  /** Control block of the queue. */
  readonly control: Int32Array
  /** What holds without any load. */
  readonly base: Tuning
  readonly pace: LoadPace
  /** Share of a core that the process may use, above 0 and at most 1. */
  readonly core: number
  readonly log: Pick<Logger, 'info'>
}

/**
 * Watches the process by what its application threads write to the control block, and writes there what they obey. What
 * an export thread before this one had asked for, which may have died, no longer holds.
 */
export function watchLoad({ control, base, pace, core, log }: LoadOfProcessOptions): LoadControl {
  function obey({ rateBound, queueSize }: Tuning): void {
    storeRateBound(control, 'loadBound', rateBound)
    Atomics.store(control, Word.queueBound, queueSize === base.queueSize ? 0 : queueSize)
  }

  obey(base)
  return createLoadControl({
    pace,
    core,
    base,
    takeVitalSigns: () => takeVitalSigns(control),
    onChange: obey,
    log,
  })
}
