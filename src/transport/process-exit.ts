import type { Logger } from '../shared/log.ts'
import { monotonicMs } from '../shared/monotonic-clock.ts'
import { finishDelivery, hasUndelivered, undelivered } from './finish-handshake.ts'
import type { ExportThread } from './export-thread.ts'
import { endInWorkers } from './open-in-workers.ts'
import { waitingSpans, Word } from './control-block.ts'
import { loadMode } from './mode-word.ts'
import { watchSignalsToSelf } from './signal-to-self.ts'

/** What is done when the process ends. */
export interface ExitOptions {
  /** Control block of the span queue. */
  readonly control: Int32Array
  readonly exportThread: ExportThread
  /** Most milliseconds that the end of the process may wait. */
  readonly exitTimeoutMs: number
  /** Ends the spans that are still open. */
  readonly endOpen: (uncaught?: { readonly thrown: unknown }) => void
  readonly log: Logger
  /** Told of every failure of our own; must not throw. */
  readonly contained: (error: unknown) => void
}

/** Watches for the end of the process. */
export interface ExitWatch {
  /** A span was handed over: the signals that would end the process now have to wait for its delivery. */
  spanWritten(): void
  /** Ends what is open and waits for delivery; later calls wait again, within the same time. */
  finish(): void
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const
type Signal = (typeof SIGNALS)[number]

/** How often it is looked whether all is delivered and the signal listeners can go. */
const DELIVERY_CHECK_MS = 1000
const INIT_PROCESS = 1
/** Open spans that are written at the end before they are delivered. */
const MOST_TOGETHER = 256

/**
 * Sees to it that spans are delivered however the process ends. Nothing here changes how it ends: the exit code, and
 * the signal, are what they would have been.
 */
export function watchExit(options: ExitOptions): ExitWatch {
  const { control, exportThread } = options
  let exiting = false
  let endingOpen = false
  let deadline = Number.POSITIVE_INFINITY
  let uncaught: { readonly thrown: unknown } | undefined
  let check: NodeJS.Timeout | undefined
  let unwatch = (): void => {}
  let told = ''
  const listening = new Map<Signal, () => void>()

  process.on('uncaughtExceptionMonitor', (thrown) => {
    uncaught = { thrown }
  })
  process.on('exit', (code) => {
    // A listener of the application dealt with it, and the process ends for another reason.
    if (code === 0) uncaught = undefined
    finish()
  })

  function finish(): void {
    try {
      if (!exiting) deadline = monotonicMs() + options.exitTimeoutMs
      exiting = true
      endOpen()
      settle()
    } catch (error) {
      options.contained(error)
    }
  }

  function endOpen(): void {
    endingOpen = true
    try {
      endInWorkers(control, deadline - monotonicMs())
      options.endOpen(uncaught)
    } finally {
      endingOpen = false
    }
  }

  function settle(): void {
    // With nothing to deliver, a thread that runs still has its last numbers to hand over and a file to remove.
    if (!hasUndelivered(control) && !exportThread.isDue && !isServed()) return
    exportThread.startAtOnce()
    if (isServed()) finishDelivery(control, Math.max(0, deadline - monotonicMs()))
    tellOfRest()
  }

  function isServed(): boolean {
    return Atomics.load(control, Word.served) === 1
  }

  /** What is on disk is not lost; public mode leaves most of it there, to spare the quota that everybody shares. */
  function tellOfRest(): void {
    const kept = Atomics.load(control, Word.journaled)
    const lost = Math.max(0, undelivered(control) - kept)
    // It is looked again after every span that the end of the process itself brings.
    if (told === `${lost} ${kept}`) return
    told = `${lost} ${kept}`
    if (lost > 0) {
      options.log.warn(
        `${lost} spans were not delivered in the ${options.exitTimeoutMs / 1000} s that the end of the process may take, ` +
          'and are lost. ZEN_TELEMETRY_EXIT_TIMEOUT allows more.',
      )
    }
    if (kept === 0) return
    const line = `${kept} spans are not delivered yet; they are kept in the journal for the next process`
    if (loadMode(control) === 'private') options.log.warn(line)
    else options.log.info(line)
  }

  function spanWritten(): void {
    // What is open is delivered together, as far as the queue has room for it.
    if (endingOpen && waitingSpans(control) < MOST_TOGETHER) return
    // Another exit listener of the application made it: nothing will come after.
    if (exiting) settle()
    else if (check === undefined) standUp()
  }

  /** Signal listeners stand only while something is undelivered, and only where the application has none. */
  function standUp(): void {
    Atomics.store(control, Word.watched, 1)
    // The kernel drops signals without a listener for the first process of a container: there is nothing to end.
    if (process.pid === INIT_PROCESS) return
    for (const signal of SIGNALS) {
      if (process.listenerCount(signal) > 0) continue
      const listener = () => endBy(signal)
      listening.set(signal, listener)
      process.on(signal, listener)
    }
    // Before Node's own, which starts to watch a signal with its first listener, and stops with its last.
    ;(process as NodeJS.EventEmitter).prependListener('newListener', yieldTo)
    unwatch = watchSignalsToSelf((signal) => {
      if (listening.has(signal as Signal)) endThenStandDown()
    })
    check = setInterval(() => {
      if (hasUndelivered(control)) return
      standDown()
      // Another thread may have written in between, and found the owner still watching.
      if (hasUndelivered(control)) standUp()
    }, DELIVERY_CHECK_MS).unref()
  }

  function standDown(): void {
    Atomics.store(control, Word.watched, 0)
    clearInterval(check)
    check = undefined
    process.off('newListener', yieldTo)
    unwatch()
    for (const signal of listening.keys()) release(signal)
  }

  /** The application listens itself from now on: what becomes of the signal is its own affair. */
  function yieldTo(event: string | symbol): void {
    if (listening.has(event as Signal)) release(event as Signal)
  }

  function release(signal: Signal): void {
    const listener = listening.get(signal)
    listening.delete(signal)
    if (listener) process.off(signal, listener)
  }

  function endThenStandDown(): void {
    finish()
    standDown()
  }

  function endBy(signal: Signal): void {
    endThenStandDown()
    process.kill(process.pid, signal)
  }

  return { spanWritten, finish }
}
