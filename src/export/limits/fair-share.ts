/**
 * How much one of several may take of a limit: everybody who wants less than an equal part gets what it wants, and what
 * that leaves is shared equally by the others (max-min fairness). All of them come to the same result by themselves.
 *
 * @param limit what there is for all
 * @param demands what each of the others wants
 * @returns the most that one more may take; equal to the limit where there are no others
 */
export function fairShare(limit: number, demands: readonly number[]): number {
  let left = limit
  let sharing = demands.length + 1
  for (const demand of demands.toSorted((a, b) => a - b)) {
    if (demand >= left / sharing) break
    left -= demand
    sharing--
  }
  return left / sharing
}
