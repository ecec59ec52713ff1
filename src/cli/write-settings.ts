import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { type Settings, settingsFile } from '../config/settings.ts'
import { makePrivateFolder } from '../export/destination/private-folder.ts'

/**
 * Keeps the settings of this user; a process that reads at the same time sees the old ones or the new ones.
 *
 * @param folder the state folder, created if need be
 * @throws Error that says what is wrong with the folder or the file
 */
export function writeSettings(folder: string, settings: Settings): void {
  const problem = makePrivateFolder(folder)
  if (problem !== undefined) throw new Error(`the settings cannot be kept: ${problem}`)
  const file = settingsFile(folder)
  const fresh = `${file}.${process.pid}`
  try {
    writeFileSync(fresh, `${JSON.stringify(settings)}\n`, { mode: 0o600, flag: 'wx' })
    renameSync(fresh, file)
  } catch (thrown) {
    rmSync(fresh, { force: true })
    throw thrown
  }
}
