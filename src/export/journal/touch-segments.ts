import { lutimesSync } from 'node:fs'
import { LEASE_MS } from './segment-owner.ts'
import type { Segment } from './span-places.ts'

const TOUCHES_PER_LEASE = 4

/**
 * Touches the segments of this thread as long as it lives, for those who cannot ask the kernel whether it does.
 *
 * @param segments looked at each time
 */
export function touchSegments(segments: ReadonlySet<Segment>): void {
  setInterval(() => {
    const now = new Date()
    for (const { path } of segments) touch(path, now)
  }, LEASE_MS / TOUCHES_PER_LEASE).unref()
}

function touch(path: string, now: Date): void {
  try {
    lutimesSync(path, now, now)
  } catch {
    // Removed by a process that needed room: that is found out when it is written or read.
  }
}
