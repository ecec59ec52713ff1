import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../../shared/errors.ts'
import { type ProcessStatus, removeStaleStatuses, statusFolder } from './process-status.ts'

/** How the file is kept. */
export interface StatusFileOptions {
  /** Absolute. */
  readonly stateFolder: string
  /** When the process began, which tells it from an earlier one with the same id. */
  readonly startedAt: Date
  readonly read: () => ProcessStatus
  /** Makes a folder that only its owner can enter; returns what is wrong, if anything is. */
  readonly makeFolder: (path: string) => string | undefined
  readonly debug: (line: string) => void
}

/** The file in which this process says how its deliveries are going. */
export interface StatusFile {
  /** Removes it. */
  close(): void
}

const UPDATE_EVERY_MS = 5000
const OWNER_ONLY = 0o600

/**
 * Writes the file now and every 5 seconds, each time as a whole, and removes those of processes that were killed. Where
 * it cannot be written, that is one debug line.
 */
export function keepStatusFile(options: StatusFileOptions): StatusFile {
  const { stateFolder, startedAt, debug } = options
  const folder = statusFolder(stateFolder)
  const file = join(folder, `${process.pid}-${startedAt.getTime()}.json`)
  let failed = false

  function write(): void {
    try {
      const problem = options.makeFolder(folder)
      if (problem !== undefined) throw new Error(problem)
      const fresh = `${file}.new`
      // What stands in its place, a link perhaps, is not written through.
      rmSync(fresh, { force: true })
      writeFileSync(fresh, `${JSON.stringify(options.read())}\n`, { mode: OWNER_ONLY, flag: 'wx' })
      renameSync(fresh, file)
      failed = false
    } catch (thrown) {
      if (!failed) debug(`the status of this process cannot be written: ${messageOf(thrown)}`)
      failed = true
    }
  }

  write()
  removeStaleStatuses(stateFolder)
  const timer = setInterval(write, UPDATE_EVERY_MS).unref()
  return {
    close() {
      clearInterval(timer)
      try {
        rmSync(file, { force: true })
      } catch (thrown) {
        debug(`the status of this process cannot be removed: ${messageOf(thrown)}`)
      }
    },
  }
}
