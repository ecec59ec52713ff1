import { closeSync, openSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { makePrivateFolder } from '../destination/private-folder.ts'

const PACE_FILE = 'public-last-request'
const PACE_MS = 60_000

/**
 * Whether a process that ends may still send to the community project: at most one such request a minute for each user
 * and machine, however many short programs run.
 *
 * @param folder the state folder, where the time of the last one is kept
 * @param now milliseconds since 1970
 * @returns true also takes the turn; false where the folder cannot be used
 */
export function takePublicTurn(folder: string, now: number): boolean {
  const file = join(folder, PACE_FILE)
  try {
    const last = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (now - last < PACE_MS && now >= last) return false
    if (makePrivateFolder(folder) !== undefined) return false
    closeSync(openSync(file, 'a', 0o600))
    utimesSync(file, now / 1000, now / 1000)
    return true
  } catch {
    return false
  }
}
