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
    criterion('added latency', difference(plain, traced, fastest), MOST_LATENCY_MS, 'ms'),
    criterion('added memory', difference(plain, traced, medianMemory), MOST_MEMORY_MB, 'MB'),
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
