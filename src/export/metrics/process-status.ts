import { readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Mode } from '../../transport/wire.ts'
import type { AuditRecord } from '../load/audit-log.ts'

/** What a process says about its deliveries, in a file that it keeps up to date. No command line, no path. */
export interface ProcessStatus {
  /** Of this form; a reader takes no other. */
  readonly version: 1
  readonly pid: number
  /** Where the process id counts: containers may share the folder. Absent where the system has no such thing. */
  readonly pidNamespace?: string
  /** ISO 8601, as all times here. */
  readonly startedAt: string
  readonly updatedAt: string
  readonly agentVersion: string
  readonly nodeVersion: string
  readonly serviceName: string
  readonly mode: Mode
  readonly projectId?: string
  readonly exporter: string
  /** Of the last sampled root, 0 to 1; absent where spans do not say it. */
  readonly samplingRate?: number
  /** Bound set because deliveries fail or the process is under load; 1: none. */
  readonly rateBound: number
  /** Spans that wait in memory. */
  readonly queueSize: number
  /** Bytes of spans that wait on disk. */
  readonly journalBytes: number
  /** `open` while deliveries fail and fewer spans are recorded. */
  readonly breaker: 'closed' | 'open'
  readonly delivered: number
  /** Root calls that failed and were not sampled, whether their errors were kept or not. */
  readonly unsampledErrors: number
  /** By reason. */
  readonly dropped: Readonly<Record<string, number>>
  /** Failed requests by class. */
  readonly errors: Readonly<Record<string, number>>
  /** What the agent does because of the load of the process: names of what is in force, and the last records. */
  readonly load: { readonly inForce: readonly string[]; readonly records: readonly AuditRecord[] }
  readonly lastError?: { readonly kind: string; readonly message: string; readonly at: string }
}

const FOLDER = 'processes'
const FILE = /^(\d+)-\d+\.json$/
const UPDATED_WITHIN_MS = 15_000
const LONGEST_FILE = 64 * 1024

/**
 * Where the status files of a user's processes lie.
 *
 * @param stateFolder absolute
 */
export function statusFolder(stateFolder: string): string {
  return join(stateFolder, FOLDER)
}

/** The name space of process ids that this process is in. */
export function pidNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    // Only Linux has it.
    return undefined
  }
}

/**
 * Reads what the running processes say, oldest first. Files that cannot be read, and those that a killed process has left
 * behind, are passed over; throws nothing.
 *
 * @param stateFolder absolute
 */
export function readProcessStatuses(stateFolder: string): ProcessStatus[] {
  const folder = statusFolder(stateFolder)
  const here = pidNamespace()
  return namesIn(folder)
    .filter((name) => !isStale(folder, name))
    .flatMap((name) => readStatus(join(folder, name)) ?? [])
    .filter((status) => status.pidNamespace !== here || isAlive(status.pid))
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
}

/** Removes the files of processes that were killed. Throws nothing. */
export function removeStaleStatuses(stateFolder: string): void {
  const folder = statusFolder(stateFolder)
  for (const name of namesIn(folder)) {
    if (isStale(folder, name)) rmSync(join(folder, name), { force: true })
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => FILE.test(name))
  } catch {
    // No process has written one so far.
    return []
  }
}

/** A process of another container may share the folder without being seen from here, so the age counts as well. */
function isStale(folder: string, name: string): boolean {
  try {
    const age = Date.now() - statSync(join(folder, name)).mtimeMs
    return age > UPDATED_WITHIN_MS && !isAlive(Number(FILE.exec(name)?.[1]))
  } catch {
    return true
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function readStatus(file: string): ProcessStatus | undefined {
  try {
    const status = JSON.parse(readFileSync(file, 'utf8').slice(0, LONGEST_FILE)) as ProcessStatus
    return status.version === 1 ? status : undefined
  } catch {
    return undefined
  }
}
