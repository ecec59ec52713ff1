import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CAUTIOUS_PACE, FIRST_PACE, type FleetPace, nextPause, paceAfter } from './fleet-pace.ts'

/** The pace of writes of all processes of a user, one after the other included. */
export interface MachinePace {
  /** Milliseconds until the next write; 0: now. */
  waitMs(): number
  /** A write begins. */
  began(): void
  /** It has ended; `undefined`: the service has not said whether it had room. */
  ended(accepted: boolean | undefined): void
}

/** A pace, and the times that it is kept by, in milliseconds since 1970. */
interface Kept {
  readonly pace: FleetPace
  readonly last: number
  readonly next: number
}

/** What was written by a clock that has been set back since is not waited for longer than a pace can be. */
const LONGEST_WAIT = 2

/**
 * Keeps the pace in a file, so that short processes go on where others have ended; it is replaced as a whole. Two that
 * look in the same moment may both write, which the limits allow for. Without a folder every process would begin anew,
 * hence cautiously.
 *
 * @param folder where all processes of the user look, if there is one
 * @param now milliseconds since 1970
 * @param random from 0 to 1
 */
export function createMachinePace(
  folder: string | undefined,
  now: () => number,
  random: () => number = Math.random,
): MachinePace {
  let own: Kept = fresh()

  function fresh(): Kept {
    if (folder !== undefined) return { pace: FIRST_PACE, last: 0, next: 0 }
    return { pace: CAUTIOUS_PACE, last: now(), next: now() + nextPause(CAUTIOUS_PACE, random()) }
  }

  function current(): Kept {
    if (folder === undefined) return own
    try {
      const numbers = readFileSync(join(folder, 'pace'), 'latin1').split(' ').map(Number)
      const [intervalMs = 0, streak = 0, last = 0, next = 0] = numbers
      if (numbers.length !== 4 || !numbers.every(Number.isFinite) || intervalMs <= 0) return own
      return { pace: { intervalMs, streak }, last, next }
    } catch {
      // The first process of all, or one that cannot read it.
      return own
    }
  }

  function keep(kept: Kept): void {
    own = kept
    if (folder === undefined) return
    const draft = join(folder, `pace.${process.pid}`)
    try {
      rmSync(draft, { force: true })
      const { pace, last, next } = kept
      writeFileSync(draft, `${pace.intervalMs} ${pace.streak} ${last} ${next}`, { mode: 0o600, flag: 'wx' })
      renameSync(draft, join(folder, 'pace'))
    } catch {
      // This process keeps to it all the same.
      rmSync(draft, { force: true })
    }
  }

  let gapMs = 0
  return {
    waitMs() {
      const { pace, next } = current()
      return Math.max(0, Math.min(next - now(), pace.intervalMs * LONGEST_WAIT))
    },
    began() {
      const { pace, last } = current()
      gapMs = now() - last
      keep({ pace, last: now(), next: now() + nextPause(pace, random()) })
    },
    ended(accepted) {
      if (accepted === undefined) return
      const { pace: before, last } = current()
      const pace = paceAfter(before, accepted, gapMs)
      keep({ pace, last, next: last + nextPause(pace, random()) })
    },
  }
}
