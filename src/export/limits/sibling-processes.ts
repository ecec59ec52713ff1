import { readFileSync, readlinkSync } from 'node:fs'

/**
 * How many processes there may be like this one: children of the same parent that run the same program, as the workers
 * of a cluster or of a process manager do. For where nothing can be shared but what the system shows (Linux).
 *
 * @returns at least 1, for this process
 */
export function siblingProcesses(): number {
  try {
    const children = readFileSync(`/proc/${process.ppid}/task/${process.ppid}/children`, 'latin1')
    const program = readlinkSync('/proc/self/exe')
    return Math.max(1, children.split(' ').filter((pid) => pid !== '' && programOf(pid) === program).length)
  } catch {
    // Another system, or one that hides its processes.
    return 1
  }
}

function programOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`)
  } catch {
    // It has just ended, or is another user's.
    return undefined
  }
}
