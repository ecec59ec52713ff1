import type { ProgramCost } from './measure-program.ts'

/** One bound beyond which a deployment is taken back, and what was measured. */
export interface Criterion {
  readonly name: 'error rate' | 'export failures' | 'added latency' | 'added memory'
  readonly measured: number | undefined
  readonly bound: number
  readonly unit: '%' | 'ms' | 'MB'
  readonly passed: boolean | undefined
}

/** What the criteria are computed from. */
export interface Measured {
  /** Runs without the agent, and with it. */
  readonly plain: readonly ProgramCost[]
  readonly traced: readonly ProgramCost[]
  readonly delivered: number | undefined
  readonly dropped: number | undefined
}

const MOST_ERRORS_PERCENT = 5
const MOST_EXPORT_FAILURES_PERCENT = 1
const MOST_LATENCY_MS = 50
const MOST_MEMORY_MB = 100

/** The four bounds; a run fails when it ends with another code than 0. */
export function rollbackCriteria({ plain, traced, delivered, dropped }: Measured): Criterion[] {
  const failures = (costs: readonly ProgramCost[]): number =>
    (costs.filter(({ code }) => code !== 0).length / Math.max(1, costs.length)) * 100
  const sent = delivered === undefined ? undefined : delivered + (dropped ?? 0)
  return [
    criterion('error rate', Math.max(0, failures(traced) - failures(plain)), MOST_ERRORS_PERCENT, '%'),
    criterion(
      'export failures',
      sent === undefined ? undefined : ((dropped ?? 0) / Math.max(1, sent)) * 100,
      MOST_EXPORT_FAILURES_PERCENT,
      '%',
    ),
    criterion(
      'added latency',
      difference(plain, traced, ({ milliseconds }) => milliseconds),
      MOST_LATENCY_MS,
      'ms',
    ),
    criterion(
      'added memory',
      difference(plain, traced, ({ peakMegabytes }) => peakMegabytes),
      MOST_MEMORY_MB,
      'MB',
    ),
  ]
}

function criterion(
  name: Criterion['name'],
  measured: number | undefined,
  bound: number,
  unit: Criterion['unit'],
): Criterion {
  const rounded = measured === undefined ? undefined : Math.round(measured * 10) / 10
  return {
    name,
    measured: rounded,
    bound,
    unit,
    passed: rounded === undefined ? undefined : rounded <= bound,
  }
}

/** Of the medians: one slow run says little. */
function difference(
  plain: readonly ProgramCost[],
  traced: readonly ProgramCost[],
  of: (cost: ProgramCost) => number | undefined,
): number | undefined {
  const median = (costs: readonly ProgramCost[]): number | undefined =>
    costs
      .flatMap((cost) => of(cost) ?? [])
      .toSorted((a, b) => a - b)
      .at(Math.floor((costs.length - 1) / 2))
  const [before, after] = [median(plain), median(traced)]
  return before === undefined || after === undefined ? undefined : Math.max(0, after - before)
}
