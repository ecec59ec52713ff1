/** What {@link withinTime} resolves to when the time is over. */
export const TIMED_OUT: unique symbol = Symbol('timed out')

/**
 * Waits for a promise, but not for longer than a given time. What the promise does afterwards is ignored.
 *
 * @param promise what is waited for; its rejection passes through
 * @param timeoutMs milliseconds
 */
export async function withinTime<T>(promise: Promise<T>, timeoutMs: number): Promise<T | typeof TIMED_OUT> {
  let timer: NodeJS.Timeout | undefined
  const time = new Promise<typeof TIMED_OUT>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, timeoutMs), TIMED_OUT)
  })
  try {
    return await Promise.race([promise, time])
  } finally {
    clearTimeout(timer)
  }
}
