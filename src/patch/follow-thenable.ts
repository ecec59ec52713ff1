import type { CallEnding } from './call-ending.ts'

type Then = (this: unknown, ...args: unknown[]) => unknown

/**
 * Watches a thenable that is no promise of the language. It is never asked itself: some begin their work when `then` is
 * called, and do it again at the next call. So the call of somebody else is watched, the first one only.
 *
 * @param thenable what a traced method returned
 * @param ending told how it settles
 * @returns false if it is no thenable, or nothing can be put on it
 */
export function followThenable(thenable: object, ending: CallEnding): boolean {
  const then: unknown = (thenable as { then?: unknown }).then
  if (typeof then !== 'function' || Object.hasOwn(thenable, 'then')) return false

  function watchedThen(this: unknown, ...[onFulfilled, onRejected, ...more]: unknown[]): unknown {
    Reflect.deleteProperty(thenable, 'then')
    const fulfilled = (value: unknown): unknown => {
      ending.end()
      return typeof onFulfilled === 'function' ? Reflect.apply(onFulfilled, undefined, [value]) : value
    }
    const rejected = (error: unknown): unknown => {
      ending.endWithError(error)
      if (typeof onRejected === 'function') return Reflect.apply(onRejected, undefined, [error])
      throw error
    }
    return Reflect.apply(then as Then, this, [fulfilled, rejected, ...more])
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is one already
  return Reflect.defineProperty(thenable, 'then', { value: watchedThen, writable: true, configurable: true })
}
