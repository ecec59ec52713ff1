import { hostname, userInfo } from 'node:os'
import type { MachineNames } from './privacy/machine-name-rules.ts'

/** The names of this machine and its user, which the filter looks for. */
export function machineNames(): MachineNames {
  try {
    return { user: userInfo().username, host: hostname() }
  } catch {
    // A container may run as a user id that has no entry in /etc/passwd.
    return { host: hostname() }
  }
}
