import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const FIRST_MS = 5000
const LARGEST_MS = 5 * 60_000
/** A refusal this long after the end of the last pause begins anew. */
const FORGOTTEN_MS = 10 * 60_000

/** A pause that the service has asked one process for, and that all of them keep. */
export interface BackOffMark {
  /** Milliseconds since 1970 until when nothing is to be sent; 0: no pause. */
  until(): number
  /**
   * The service says that a limit is used up.
   *
   * @param askedMs the pause that it asks for, if it does
   */
  refused(askedMs: number | undefined): void
}

interface Mark {
  readonly until: number
  /** How many times in a row, without counting refusals during a pause. */
  readonly times: number
}

const NONE: Mark = { until: 0, times: 0 }

/**
 * Keeps the mark in a file, replaced as a whole. A mark that cannot be read is none, and one from a clock that has been
 * set back since holds for the longest pause at most.
 *
 * @param folder where all processes of the user look; undefined: the pause is this process's own
 * @param now milliseconds since 1970
 * @param random from 0 to 1; pauses end at different times, so that nobody comes back together
 */
export function createBackOffMark(
  folder: string | undefined,
  now: () => number,
  random: () => number = Math.random,
): BackOffMark {
  let own = NONE

  function current(): Mark {
    const marks = [own, folder === undefined ? NONE : read(join(folder, 'back-off'))]
    const { until, times } = marks[0]!.until >= marks[1]!.until ? marks[0]! : marks[1]!
    return { until: Math.min(until, now() + LARGEST_MS), times }
  }

  function refused(askedMs = 0): void {
    const before = current()
    const present = now()
    // Requests that were under way when the pause began.
    const same = before.until > present
    const times = present - before.until > FORGOTTEN_MS ? 1 : before.times + (same ? 0 : 1)
    const pause = Math.min(LARGEST_MS, FIRST_MS * 2 ** (times - 1)) * (0.5 + random() / 2)
    own = { until: Math.max(before.until, present + Math.max(askedMs, pause)), times }
    if (folder !== undefined) write(folder, own)
  }

  return {
    until: () => {
      const { until } = current()
      return until > now() ? until : 0
    },
    refused,
  }
}

function read(path: string): Mark {
  try {
    const [until = 0, times = 0] = readFileSync(path, 'latin1').split(' ').map(Number)
    return Number.isFinite(until) && Number.isInteger(times) ? { until, times } : NONE
  } catch {
    return NONE
  }
}

function write(folder: string, { until, times }: Mark): void {
  const draft = join(folder, `back-off.${process.pid}`)
  try {
    writeFileSync(draft, `${until} ${times}`, { mode: 0o600, flag: 'wx' })
    renameSync(draft, join(folder, 'back-off'))
  } catch {
    // This process keeps the pause all the same.
    rmSync(draft, { force: true })
  }
}
