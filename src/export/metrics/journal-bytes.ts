import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = 'journal'

/**
 * How many bytes the journal of a user takes, the part of other processes included; what wants to know that asks seldom.
 *
 * @param stateFolder absolute
 * @returns 0 where there is none
 */
export function journalBytes(stateFolder: string): number {
  const folder = join(stateFolder, FOLDER)
  try {
    return readdirSync(folder).reduce((sum, name) => sum + bytesOf(join(folder, name)), 0)
  } catch {
    return 0
  }
}

function bytesOf(file: string): number {
  // Another process may have removed it meanwhile.
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
