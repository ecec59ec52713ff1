import { AsyncLocalStorage } from 'node:async_hooks'

/** Which span, or what else, is active in a call and in all that it begins. */
export interface CallContext<T> {
  /** Holds what is active. Used as it is: a function around it would show in each call. */
  readonly storage: AsyncLocalStorage<T>
  /** A call begins that will be closed. */
  opened(): void
  /** A call has ended, with all that it was waited for. */
  closed(): void
}

const TICK_MS = 250
const QUIET_TICKS = 4
// As it was when the agent was loaded: test runners put a fake one in its place.
const every = setTimeout

/**
 * Makes a context of its own, on an `AsyncLocalStorage`.
 *
 * On Node 20 and 22 a storage that was used once makes every promise of the application slower, wherever it is made, for
 * as long as the process runs: there it is switched off when no call has been open for a second. Switching it on
 * again takes a microsecond, so not after each call. Whatever a call has left behind by then goes on without a parent.
 *
 * @param costsWhileUnused whether this Node is one of those
 */
export function createCallContext<T>(costsWhileUnused: boolean): CallContext<T> {
  const storage = new AsyncLocalStorage<T>()
  let open = 0
  let quietTicks = 0
  let ticking = costsWhileUnused
  // Made here and not where it is needed, as a timer keeps the application's own contexts of where it was made.
  const timer = costsWhileUnused ? every(tick, TICK_MS).unref() : undefined

  function tick(): void {
    ticking = false
    if (open > 0) return
    if (++quietTicks >= QUIET_TICKS) storage.disable()
    else keepTicking()
  }

  function keepTicking(): void {
    ticking = true
    timer?.refresh()
  }

  function closed(): void {
    open--
    quietTicks = 0
    if (open === 0 && costsWhileUnused && !ticking) keepTicking()
  }

  return { storage, opened: () => void open++, closed }
}
