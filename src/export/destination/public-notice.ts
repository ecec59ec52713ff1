import { existsSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isatty } from 'node:tty'
import type { Environment } from '../../config/load-config.ts'
import { makePrivateFolder } from './private-folder.ts'

const STDERR = 2
const NOTICE_FILE = 'public-notice-2026-11'

const NOTICE = `
[zen-telemetry] zen sends anonymous traces to a community project of its maintainers: the name, duration and
  OK/ERROR of ZenOrchestrator calls, the type of built-in errors, the versions of zen and Node, the operating system.
  No arguments, results, messages, names or paths. This is said once.
  Stop it:        ZEN_TELEMETRY_DISABLED=true  (or DO_NOT_TRACK=1)
  Keep it yours:  GOOGLE_CLOUD_PROJECT=my-project
  Look at it:     ZEN_TELEMETRY_EXPORTER=console
`

/**
 * Shows the notice of public mode once for each user and machine, before anything is sent.
 *
 * @param folder the state folder, where it is remembered
 * @param environment to know a build machine by
 * @returns whether it has been shown, now or before; if not, nothing may be sent
 */
export function showPublicNotice(folder: string, environment: Environment): boolean {
  const file = join(folder, NOTICE_FILE)
  try {
    if (existsSync(file)) return true
    if (environment['CI'] || !isatty(STDERR)) return false
    if (makePrivateFolder(folder) !== undefined) return false
    writeFileSync(file, '', { mode: 0o600 })
    writeSync(STDERR, NOTICE)
    return true
  } catch {
    return false
  }
}
