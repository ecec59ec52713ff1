import { AsyncLocalStorage, executionAsyncResource } from 'node:async_hooks'

type AnyFunction = (...args: unknown[]) => unknown

/** Where the code that runs now keeps what is active; undefined where only Node knows. */
export type Place = Record<symbol, unknown> | undefined

/** Which span, or what else, is active in a call and in all that it begins. */
export interface CallContext<T> {
  /** Looked up once for a call; holds until it returns. */
  here(): Place
  /** What is active there. */
  activeIn(place: Place): T | undefined
  /** Calls a method with something active, as `Reflect.apply` does: no closure is made for it. */
  apply(place: Place, active: T, original: AnyFunction, self: unknown, args: readonly unknown[]): unknown
  /** Calls a function with something active. */
  run<R>(active: T, call: () => R): R
  /** A call begins that will be closed. */
  opened(): void
  /** A call has ended, with all that it was waited for. */
  closed(): void
}

const TICK_MS = 250
const QUIET_TICKS = 4
// As it was when the agent was loaded: test runners put a fake one in its place.
const every = setTimeout

/** What a storage that stands on `async_hooks` has, in all releases of Node 20 and 22. */
interface Inside {
  readonly kResourceStore?: symbol
  readonly enabled?: boolean
}

/**
 * Makes a context of its own, on an `AsyncLocalStorage`.
 *
 * On Node 20 and 22 a storage that was used once makes every promise of the application slower, wherever it is made, for
 * as long as the process runs: there it is switched off when no call has been open for a second. Switching it on
 * again takes a microsecond, so not after each call. Whatever a call has left behind by then goes on without a parent.
 *
 * There, `run` looks up the current async resource twice, and who asked for the store before, once more; that is half of
 * what a call costs which is not sampled. So the store is put where `run` puts it, under the key that it uses, and it is
 * looked up once. Where there is no such key, as in newer lines and with `--experimental-async-context-frame`, `run` is used.
 *
 * @param costsWhileUnused whether this Node is one of those
 */
export function createCallContext<T>(costsWhileUnused: boolean): CallContext<T> {
  const storage = new AsyncLocalStorage<T>()
  const { kResourceStore: key } = storage as Inside
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

  function here(): Place {
    return key !== undefined && (storage as Inside).enabled === true
      ? (executionAsyncResource() as Place)
      : undefined
  }

  function apply(
    place: Place,
    active: T,
    original: AnyFunction,
    self: unknown,
    args: readonly unknown[],
  ): unknown {
    if (place === undefined) return storage.run(active, Reflect.apply, original, self, args)
    const outer = place[key!]
    place[key!] = active
    try {
      return Reflect.apply(original, self, args)
    } finally {
      place[key!] = outer
    }
  }

  return {
    here,
    activeIn: (place) => (place === undefined ? storage.getStore() : (place[key!] as T | undefined)),
    apply,
    run: (active, call) => storage.run(active, call),
    opened: () => void open++,
    closed,
  }
}
