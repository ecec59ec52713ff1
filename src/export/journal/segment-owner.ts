import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { SegmentOwner } from './segment-name.ts'

/** An owner that cannot be asked counts as dead when it has not touched its segment for so long. */
export const LEASE_MS = 60_000

/**
 * This export thread as owner of segments.
 *
 * @param queue 8 hex digits that the span queue has alone
 * @param generation how many export threads it had before
 */
export function thisOwner(queue: string, generation: number): SegmentOwner {
  return { place: thisPlace(), pid: process.pid, started: processStart(process.pid) ?? 0, queue, generation }
}

/**
 * Whether the owner of a segment still needs it.
 *
 * Inside one boot and process namespace the kernel is asked: a process with that id and that start time. Elsewhere (a
 * volume that containers or machines share, a system without `/proc`) ids mean nothing, and the lease decides: owners
 * touch their segments several times within {@link LEASE_MS}.
 *
 * @param owner from the name of the segment
 * @param me this thread; earlier generations of its own queue are dead
 * @param idleMs milliseconds since the segment was last touched
 */
export function ownerIsAlive(owner: SegmentOwner, me: SegmentOwner, idleMs: number): boolean {
  if (owner.place !== me.place) return idleMs < LEASE_MS
  if (owner.pid === me.pid && owner.started === me.started) {
    return owner.queue !== me.queue || owner.generation >= me.generation
  }
  if (owner.started === 0) return processExists(owner.pid) && idleMs < LEASE_MS
  return processStart(owner.pid) === owner.started
}

let place: string | undefined

function thisPlace(): string {
  place ??= createHash('sha256').update(describePlace()).digest('hex').slice(0, 8)
  return place
}

function describePlace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return `${process.platform} ${hostname()}`
  }
}

/**
 * Field 22 of `/proc/<pid>/stat`; the second field may hold spaces and brackets itself.
 *
 * @returns undefined where there is no such process, or nothing left of it but its exit code
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function processStart(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === 'Z' || state === 'X' ? undefined : Number(fields[18])
  } catch {
    return undefined
  }
}

function processExists(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}
