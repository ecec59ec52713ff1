import { readFileSync } from 'node:fs'

/**
 * Share of a core that the process may use: one, since that is what an event loop can keep busy, or less where the control
 * group of a container allows less (Linux, cgroup v2).
 */
export function allowedCore(): number {
  try {
    const [quota, period] = readFileSync('/sys/fs/cgroup/cpu.max', 'latin1').split(' ').map(Number)
    return quota && period ? Math.min(1, quota / period) : 1
  } catch {
    // No such group, or not Linux.
    return 1
  }
}
