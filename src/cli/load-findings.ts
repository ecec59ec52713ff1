import type { AuditRecord } from '../export/load/audit-log.ts'
import type { ProcessStatus } from '../export/metrics/process-status.ts'

/** What a process says of itself, as far as it is judged here. */
type JudgedStatus = Pick<ProcessStatus, 'pid' | 'load' | 'breaker' | 'dropped' | 'rateBound'>

/** How the agent fares in the processes of a user. */
export interface LoadFindings {
  /** `trouble` where spans are lost or nothing is sampled, `watch` where fewer are. */
  readonly level: 'calm' | 'watch' | 'trouble'
  /** What was seen, one line each. */
  readonly risks: readonly string[]
  /** What is in force, by process. */
  readonly inForce: readonly { readonly pid: number; readonly record: AuditRecord }[]
  /** What was and is over, oldest first, by process. */
  readonly past: readonly { readonly pid: number; readonly record: AuditRecord }[]
  /** What a user can do, one line each. */
  readonly recommendations: readonly string[]
}

const ADVICE: Readonly<Record<string, string>> = {
  cpu: 'The processors are busy: more processes or cores, or a lower ZEN_TELEMETRY_TARGET_RATE, give the agent less to do.',
  heap: 'The heap is nearly full: raise --max-old-space-size, or look for a leak in the application.',
  loopDelay:
    'The event loop is blocked: look for long synchronous work in the application, for instance with `node --cpu-prof`.',
  traffic:
    'There is much telemetry: a lower ZEN_TELEMETRY_TARGET_RATE or shorter attributes make it less; leave compression on.',
  timeouts: 'The service does not answer in time: check the network, proxy and endpoint.',
}
const DROPS_ADVICE =
  'Spans were dropped by limits: a lower ZEN_TELEMETRY_SAMPLE_RATE spreads what is recorded evenly.'
const BREAKER_ADVICE = 'Deliveries fail: run the process with ZEN_TELEMETRY_LOG_LEVEL=info, which says why.'
const OVER_LIMITS = ['spans_per_minute', 'spans_per_hour', 'bytes_per_minute', 'queue_full', 'export_backlog']

/** Judges what processes say of themselves. */
export function loadFindings(processes: readonly JudgedStatus[]): LoadFindings {
  const records = processes.flatMap(({ pid, load }) => load.records.map((record) => ({ pid, record })))
  const inForce = records.filter(({ record }) => record.revertedAt === undefined)
  const past = records.filter(({ record }) => record.revertedAt !== undefined)
  const failing = processes.filter(({ breaker }) => breaker === 'open')
  const dropping = processes.flatMap(({ pid, dropped }) => {
    const spans = OVER_LIMITS.reduce((sum, reason) => sum + (dropped[reason] ?? 0), 0)
    return spans > 0 ? [{ pid, spans }] : []
  })
  const silent = processes.filter(({ rateBound }) => rateBound === 0)
  const risks = [
    ...inForce.map(({ pid, record }) => `process ${pid}: ${record.signal} at ${record.value}`),
    ...failing.map(({ pid }) => `process ${pid}: deliveries fail`),
    ...dropping.map(({ pid, spans }) => `process ${pid}: ${spans} spans were dropped by limits`),
  ]
  return {
    level:
      failing.length > 0 || dropping.length > 0 || silent.length > 0
        ? 'trouble'
        : inForce.length > 0
          ? 'watch'
          : 'calm',
    risks,
    inForce,
    past,
    recommendations: [
      ...new Set(inForce.flatMap(({ record }) => ADVICE[record.signal] ?? [])),
      ...(failing.length > 0 ? [BREAKER_ADVICE] : []),
      ...(dropping.length > 0 ? [DROPS_ADVICE] : []),
    ],
  }
}
