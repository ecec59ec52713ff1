import type { TraceSpan } from './trace-span.ts'

/** How the calls of one method went. */
export interface MethodStatistics {
  /** Name of the spans. */
  readonly name: string
  readonly count: number
  readonly errors: number
  /** Milliseconds that half of the calls, 95 and 99 of 100 did not exceed (nearest rank). */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly longest: number
  /** Calls by duration; bucket `i` ends at `bucketEnd(i)`, the last one never. */
  readonly histogram: readonly number[]
}

/** From 10 µs to 42 s, each bucket twice as wide as the one before. */
const BUCKETS = 24
const FIRST_BUCKET_MS = 0.01

/**
 * The end of a bucket of the histogram.
 *
 * @param bucket counted from 0
 * @returns milliseconds; infinite for the last one
 */
export function bucketEnd(bucket: number): number {
  return bucket < BUCKETS - 1 ? FIRST_BUCKET_MS * 2 ** bucket : Number.POSITIVE_INFINITY
}

/** Statistics of each method, the one that took most time in total first. */
export function methodStatistics(spans: Iterable<TraceSpan>): MethodStatistics[] {
  const methods = new Map<string, { durations: number[]; errors: number; total: number }>()
  for (const { name, start, end, errorType } of spans) {
    let method = methods.get(name)
    if (!method) methods.set(name, (method = { durations: [], errors: 0, total: 0 }))
    method.durations.push(end - start)
    method.total += end - start
    if (errorType !== undefined) method.errors += 1
  }
  return [...methods]
    .toSorted(([, a], [, b]) => b.total - a.total)
    .map(([name, { durations, errors }]) => statisticsOf(name, Float64Array.from(durations).sort(), errors))
}

function statisticsOf(name: string, sorted: Float64Array, errors: number): MethodStatistics {
  const rank = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0
  const histogram = Array.from({ length: BUCKETS }, () => 0)
  let bucket = 0
  for (const duration of sorted) {
    while (duration > bucketEnd(bucket)) bucket += 1
    histogram[bucket]! += 1
  }
  return {
    name,
    count: sorted.length,
    errors,
    p50: rank(0.5),
    p95: rank(0.95),
    p99: rank(0.99),
    longest: rank(1),
    histogram,
  }
}
