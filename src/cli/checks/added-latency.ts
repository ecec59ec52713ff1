import type { TraceSpan } from '../traces/trace-span.ts'

/** What the agent adds to a call, as far as it can be known from outside. */
export interface AddedLatency {
  /** Milliseconds that a root call takes longer, on average. */
  readonly perCall: number
  readonly calls: number
  /** How many of them are open at the same moment, on average. */
  readonly atATime: number
}

/**
 * Spreads what a whole run takes longer over its root calls. Without the agent nobody times the calls of a program, and
 * whatever did would be an agent too; so it is not measured but computed, from above: start-up counts as if it were part
 * of the calls. Calls that run at the same time share one thread, and each waits for what the others cost too.
 *
 * @param addedMs of the whole run
 * @param roots the root calls of a run in which every call was sampled
 * @returns undefined where there was no call
 */
export function addedLatency(addedMs: number, roots: readonly TraceSpan[]): AddedLatency | undefined {
  if (roots.length === 0) return undefined
  const total = roots.reduce((sum, { start, end }) => sum + end - start, 0)
  const covered = coveredBy(roots)
  // Calls that take no time at all come one after the other.
  const atATime = covered > 0 ? Math.max(1, total / covered) : 1
  return { perCall: (addedMs * atATime) / roots.length, calls: roots.length, atATime }
}

/** Milliseconds in which at least one of them was open. */
function coveredBy(spans: readonly TraceSpan[]): number {
  let covered = 0
  let reached = Number.NEGATIVE_INFINITY
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    covered += Math.max(0, end - Math.max(start, reached))
    reached = Math.max(reached, end)
  }
  return covered
}
