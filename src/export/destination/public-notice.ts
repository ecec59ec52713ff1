import { existsSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { isatty } from 'node:tty'
import type { Environment } from '../../config/load-config.ts'
import { PUBLIC_PROJECT } from './destination.ts'
import { makePrivateFolder } from './private-folder.ts'

const STDERR = 2
/** With the date of the text: whoever has seen another one sees this one too. */
const NOTICE_FILE = 'public-notice-2026-11'

const NOTICE = `
[zen-telemetry] zen sends traces of its own calls to its maintainers, in the Google Cloud project ${PUBLIC_PROJECT}:
  which built-in method ran, when, and below which other; OK or ERROR; the class of the error if it is one of
  JavaScript, Node or zen; the versions of zen and Node; the type of operating system. Kept for 30 days.
  No arguments, results, messages, names or paths; no id of you or this machine. This is said once.
  Stop it:        npx zen-telemetry disable   (or ZEN_TELEMETRY_DISABLED=true, or DO_NOT_TRACK=1)
  Look at it:     npx zen-telemetry inspect -- node app.js   (sends nothing)
  Keep it yours:  GOOGLE_CLOUD_PROJECT=my-project
`

/** Whether this user has seen the notice of public mode on this machine. */
export function publicNoticeShown(folder: string): boolean {
  return existsSync(join(folder, NOTICE_FILE))
}

/**
 * Shows the notice of public mode once for each user and machine, before anything is sent. It cannot be shown on a
 * build machine, nor where stderr is no terminal; nor where it cannot be remembered, as it would then be shown each time.
 *
 * @param folder the state folder, where it is remembered
 * @param environment to know a build machine by
 * @returns whether it has been shown, now or before; if not, nothing may be sent
 */
export function showPublicNotice(folder: string, environment: Environment): boolean {
  if (environment['CI']) return false
  const file = join(folder, NOTICE_FILE)
  if (publicNoticeShown(folder)) return true
  if (!isatty(STDERR) || makePrivateFolder(folder) !== undefined) return false
  try {
    // Of several processes that start at once, the one that makes the file shows the notice.
    writeFileSync(file, '', { mode: 0o600, flag: 'wx' })
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EEXIST'
  }
  try {
    writeSync(STDERR, NOTICE)
    return true
  } catch {
    rmSync(file, { force: true })
    return false
  }
}
