/**
 * Waits for a promise, but no longer than that.
 *
 * @param deadline in milliseconds of `performance.now()`
 * @param promise must not reject
 * @returns whether it was settled in time
 */
export async function settledBefore(deadline: number, promise: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), Math.max(0, deadline - performance.now()))
  })
  const inTime = await Promise.race([promise.then(() => true), late])
  clearTimeout(timer)
  return inTime
}
