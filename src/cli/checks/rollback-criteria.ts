import type { TraceSpan } from '../traces/trace-span.ts'
import { addedLatency } from './added-latency.ts'
import type { ProgramCost } from './measure-program.ts'

/** One bound beyond which a deployment is taken back, and what was measured. */
export interface Criterion {
  readonly name: 'error rate' | 'export failures' | 'added latency' | 'added memory'
  readonly measured: number | undefined
  readonly bound: number
  readonly unit: '%' | 'ms' | 'MB'
  readonly passed: boolean | undefined
  /** How it was measured. */
  readonly how: string
}

/** What the criteria are computed from. */
export interface Measured {
  /** Runs without the agent, and with it. */
  readonly plain: readonly ProgramCost[]
  readonly traced: readonly ProgramCost[]
  readonly delivered: number | undefined
  readonly dropped: number | undefined
  /** The root calls of a run in which every call was sampled. */
  readonly roots: readonly TraceSpan[]
}

const MOST_ERRORS_PERCENT = 5
const MOST_EXPORT_FAILURES_PERCENT = 1
const MOST_LATENCY_MS = 50
const MOST_MEMORY_MB = 100

/** The four bounds; a run fails when it ends with another code than 0. */
export function rollbackCriteria({ plain, traced, delivered, dropped, roots }: Measured): Criterion[] {
  const failures = (costs: readonly ProgramCost[]): number =>
    (costs.filter(({ code }) => code !== 0).length / Math.max(1, costs.length)) * 100
  const sent = delivered === undefined ? undefined : delivered + (dropped ?? 0)
  return [
    criterion(
      { name: 'error rate', bound: MOST_ERRORS_PERCENT, unit: '%' },
      Math.max(0, failures(traced) - failures(plain)),
      `${traced.length} runs with the agent, ${plain.length} without: more that end with an error`,
    ),
    criterion(
      { name: 'export failures', bound: MOST_EXPORT_FAILURES_PERCENT, unit: '%' },
      sent === undefined ? undefined : ((dropped ?? 0) / Math.max(1, sent)) * 100,
      'spans of one run that were dropped',
    ),
    latencyCriterion(difference(plain, traced, fastest), roots),
    criterion(
      { name: 'added memory', bound: MOST_MEMORY_MB, unit: 'MB' },
      difference(plain, traced, medianMemory),
      'peak of the process, median of the runs',
    ),
  ]
}

/** Of a call where calls are known, else of the whole run, which is more. */
function latencyCriterion(wholeRun: number | undefined, roots: readonly TraceSpan[]): Criterion {
  const kind = { name: 'added latency', bound: MOST_LATENCY_MS, unit: 'ms' } as const
  const found = wholeRun === undefined ? undefined : addedLatency(wholeRun, roots)
  if (wholeRun === undefined || found === undefined) {
    return criterion(kind, wholeRun, 'whole run, start-up included: no root call is known')
  }
  const { perCall, calls, atATime } = found
  return criterion(
    kind,
    perCall,
    `a root call on average, at most: ${rounded(wholeRun)} ms of the whole run, start-up included, ` +
      `over ${calls} root calls, ${rounded(atATime)} at a time`,
  )
}

function criterion(
  kind: Pick<Criterion, 'name' | 'bound' | 'unit'>,
  value: number | undefined,
  how: string,
): Criterion {
  const measured = value === undefined ? undefined : rounded(value)
  return { ...kind, measured, passed: measured === undefined ? undefined : measured <= kind.bound, how }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}

function difference(
  plain: readonly ProgramCost[],
  traced: readonly ProgramCost[],
  of: (costs: readonly ProgramCost[]) => number | undefined,
): number | undefined {
  const [before, after] = [of(plain), of(traced)]
  return before === undefined || after === undefined ? undefined : Math.max(0, after - before)
}

/** What else the machine does only ever makes a run slower, so the fastest one says most. */
function fastest(costs: readonly ProgramCost[]): number | undefined {
  return costs.length === 0 ? undefined : Math.min(...costs.map(({ milliseconds }) => milliseconds))
}

function medianMemory(costs: readonly ProgramCost[]): number | undefined {
  return costs
    .flatMap(({ peakMegabytes }) => peakMegabytes ?? [])
    .toSorted((a, b) => a - b)
    .at(Math.floor((costs.length - 1) / 2))
}
