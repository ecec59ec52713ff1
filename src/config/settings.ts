import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../shared/errors.ts'

/** What a user has said once for all processes of theirs on this machine. */
export interface Settings {
  /** Telemetry is off for everything this user starts. */
  readonly disabled: boolean
}

/** The settings, or why they cannot be read. */
export type ReadSettings = { readonly settings: Settings } | { readonly problem: string }

/**
 * Where the settings of a user are kept.
 *
 * @param folder the state folder
 */
export function settingsFile(folder: string): string {
  return join(folder, 'settings.json')
}

/**
 * Reads the settings. Without a file nothing is switched off; with one that cannot be read, what the user wanted is not
 * known, and the caller has to assume that it was "off". Throws nothing.
 *
 * @param folder the state folder
 */
export function readSettings(folder: string): ReadSettings {
  try {
    const content = JSON.parse(readFileSync(settingsFile(folder), 'utf8')) as { disabled?: unknown } | null
    return { settings: { disabled: content?.disabled === true } }
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    const absent = code === 'ENOENT' || code === 'ENOTDIR'
    return absent ? { settings: { disabled: false } } : { problem: messageOf(thrown) }
  }
}
