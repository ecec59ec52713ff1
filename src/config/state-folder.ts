import { isAbsolute, join, resolve } from 'node:path'
import type { Environment } from './load-config.ts'

const NAME = 'zen-telemetry'

/**
 * The folder for the journal, local traces and notices. Nothing is created here, see `makePrivateFolder`.
 *
 * @param directory the value of `ZEN_TELEMETRY_DIR`, if set
 * @param environment names and values
 * @param platform such as `linux`
 * @returns an absolute path
 */
export function stateFolder(
  directory: string | undefined,
  environment: Environment,
  platform: NodeJS.Platform = process.platform,
): string {
  if (directory) return resolve(directory)
  const home = environment['HOME'] || environment['USERPROFILE'] || homeOfUser()
  if (platform === 'win32') {
    const local = environment['LOCALAPPDATA'] || (home && join(home, 'AppData', 'Local'))
    return join(local || os().tmpdir(), NAME)
  }
  if (platform === 'darwin' && home) return join(home, 'Library', 'Application Support', NAME)
  const state = environment['XDG_STATE_HOME']
  // The XDG specification has relative paths ignored.
  if (state && isAbsolute(state)) return join(state, NAME)
  return home ? join(home, '.local', 'state', NAME) : join(os().tmpdir(), `${NAME}-${userId()}`)
}

/** Loaded where the environment does not tell. */
function os(): typeof import('node:os') {
  return process.getBuiltinModule('node:os')
}

function homeOfUser(): string | undefined {
  try {
    return os().homedir() || undefined
  } catch {
    // A container may run as a user id that has no entry in /etc/passwd.
    return undefined
  }
}

function userId(): number {
  try {
    return os().userInfo().uid
  } catch {
    return process.getuid?.() ?? 0
  }
}
