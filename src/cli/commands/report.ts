import type { AuditRecord } from '../../export/load/audit-log.ts'
import { readProcessStatuses } from '../../export/metrics/process-status.ts'
import { type CliCommand, EXIT } from '../command.ts'
import { readContext } from '../context.ts'
import { loadFindings } from '../load-findings.ts'

const MOST_PAST = 10
const LEVEL_STYLES = { calm: 'green', watch: 'yellow', trouble: 'red' } as const

/** Says how the agent fares in the running processes of this user, and what to do about it. */
export const report: CliCommand = {
  name: 'report',
  summary: 'load, limits and failures of running processes, reactions in force, what to do',
  run({ environment, cwd, report: print }) {
    const { folder } = readContext({ environment, cwd })
    const processes = readProcessStatuses(folder)
    const findings = loadFindings(processes)
    const { level, risks, inForce, past, recommendations } = findings
    print({ processes: processes.length, ...findings }, (style) => [
      style('bold', `level        ${style(LEVEL_STYLES[level], level)}, ${countOf(processes.length)}`),
      ...section('risks', risks),
      ...section(
        'in force',
        inForce.map(({ pid, record }) => `process ${pid}: ${record.action}, since ${timeOf(record.time)}`),
      ),
      ...section(
        'past',
        past.slice(-MOST_PAST).map(({ pid, record }) => `process ${pid}: ${pastOf(record)}`),
      ),
      ...section('to do', recommendations),
    ])
    return level === 'calm' ? EXIT.fine : EXIT.findings
  },
}

function countOf(processes: number): string {
  return processes === 1 ? '1 process runs' : `${processes} processes run`
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.map((line, index) => `${(index === 0 ? title : '').padEnd(13)}${line}`)
}

function pastOf({ signal, value, action, time, revertedAt = time }: AuditRecord): string {
  return `${signal} at ${value}, ${action}, ${timeOf(time)} to ${timeOf(revertedAt)}`
}

function timeOf(time: number): string {
  return new Date(time).toISOString()
}
