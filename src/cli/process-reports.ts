import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditRecord } from '../export/load/audit-log.ts'

/** What a running process has said of itself, as far as it is told here. */
export interface ProcessReport {
  readonly pid: number
  readonly serviceName?: string
  /** Bound of its sampling rate; 1: none. */
  readonly rateBound?: number
  readonly breaker?: 'closed' | 'open'
  /** Spans by the reason they were dropped for. */
  readonly dropped?: Readonly<Record<string, number>>
  readonly load?: { readonly inForce: readonly string[]; readonly records: readonly AuditRecord[] }
}

const STALE_MS = 15_000
const LARGEST_BYTES = 256 * 1024

/**
 * Reads the status files of the running processes. What cannot be read, and what a killed process has left behind, is
 * passed over; throws nothing.
 *
 * @param folder the state folder
 * @param now milliseconds since 1970
 */
export function readProcessReports(folder: string, now: number): ProcessReport[] {
  const processes = join(folder, 'processes')
  try {
    return readdirSync(processes)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => readReport(join(processes, name), now) ?? [])
  } catch {
    // No process has written one so far.
    return []
  }
}

function readReport(file: string, now: number): ProcessReport | undefined {
  try {
    const { size, mtimeMs } = statSync(file)
    if (size > LARGEST_BYTES || now - mtimeMs > STALE_MS) return undefined
    const report = JSON.parse(readFileSync(file, 'utf8')) as ProcessReport
    return Number.isInteger(report.pid) ? report : undefined
  } catch {
    return undefined
  }
}
