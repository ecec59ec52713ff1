import { messageOf } from '../../shared/errors.ts'
import type { Logger } from '../../shared/log.ts'

/** Runs what touches the disk. */
export interface JournalHealth {
  /**
   * Runs it, unless the disk failed a moment ago.
   *
   * @returns what it returns; undefined if it was not run or threw
   */
  attempt<T>(action: () => T): T | undefined
  /** Runs what makes room or only spares work later; a failure is not worth a warning. */
  tidy(action: () => void): void
}

const PAUSE_MS = 60_000
/** A local disk takes well under a millisecond: this one holds up the export thread. */
const SLOW_MS = 1000

/**
 * Keeps the trouble of a disk in one place: a failure, or one write that takes over a second, is one warning, and the
 * disk is left alone for a minute. Meanwhile spans are in memory only, as without a journal.
 *
 * @param folder for the warning
 * @param now milliseconds of a clock that only goes forward
 */
export function createJournalHealth(folder: string, log: Logger, now: () => number): JournalHealth {
  let restingUntil = Number.NEGATIVE_INFINITY
  let warned = false

  function trouble(what: string): void {
    restingUntil = now() + PAUSE_MS
    const line = `the journal "${folder}" ${what}; spans are kept in memory only`
    if (warned) return log.debug(line)
    warned = true
    log.warn(
      `${line}, and those that are not delivered when the process ends are lost. Make room or give this user the ` +
        'right to write there, or set ZEN_TELEMETRY_DIR to another folder.',
    )
  }

  return {
    attempt(action) {
      if (now() < restingUntil) return undefined
      const start = now()
      try {
        const result = action()
        const took = now() - start
        if (took > SLOW_MS) trouble(`took ${Math.round(took)} ms for one write`)
        return result
      } catch (thrown) {
        trouble(`cannot be used (${messageOf(thrown)})`)
        return undefined
      }
    },
    tidy(action) {
      try {
        action()
      } catch (thrown) {
        log.debug(`the journal "${folder}" could not be tidied: ${messageOf(thrown)}`)
      }
    },
  }
}
