import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import type { Logger } from '../shared/log.ts'
import { monotonicMs } from '../shared/monotonic-clock.ts'
import { hasUndelivered, undelivered } from './finish-handshake.ts'
import { createHangWatch } from './hang-watch.ts'
import { controlOf, spansWritten, waitingSpans, Word } from './control-block.ts'
import type { ExportThreadInput } from './wire.ts'
import { workerEnvironment } from './worker-environment.ts'

/** The thread that delivers, seen from the application thread. */
export interface ExportThread {
  /**
   * Starts it unless it runs, or has died a moment ago: in the next turn of the event loop, as it takes some milliseconds
   * for which the traced call need not wait, or at once where that turn does not come soon. Called for every span; a
   * thread that hangs is ended here. Never throws.
   *
   * @param time milliseconds of a clock that only goes forward, where it was read just now
   */
  ensureStarted(time?: number): void
  /** The same where there is no later: at the end of the process. */
  startAtOnce(): void
  /** Whether its start waits for the event loop. */
  readonly isDue: boolean
}

const MOST_DEATHS = 3
const DEATHS_WITHIN_MS = 60_000
const FIRST_PAUSE_MS = 100
/** How long an event loop may be busy, and how many spans may be written, before the thread is started all the same. */
const MOST_BUSY_MS = 50
const MOST_SPANS_BEFORE = 16
/** Of the thread's heap. Left to itself, V8 lets it grow to 48 MB of what was thrown away long ago. */
const YOUNG_GENERATION_MB = 5
// As it was when the agent was loaded: test runners put a fake one in its place.
const nextTurn = setImmediate

/**
 * Prepares the export thread; nothing is started yet.
 *
 * @param input what it is started with
 * @param log the agent's log
 * @param now milliseconds of a clock that only goes forward
 */
export function createExportThread(
  input: Omit<ExportThreadInput, 'queueId' | 'generation'>,
  log: Logger,
  now: () => number = monotonicMs,
): ExportThread {
  const control = controlOf(input.queue)
  const queueId = uniqueId()
  const hangs = createHangWatch(control)
  const deaths: number[] = []
  let generation = 0
  let current: Worker | undefined
  let notBefore = Number.NEGATIVE_INFINITY
  /** While its start waits for the event loop: when that has taken too long. */
  let startBy: number | undefined

  function ensureStarted(time?: number): void {
    if (Atomics.load(control, Word.served) === 1) endIfHung(time ?? now())
    else if (startBy !== undefined) startIfBusy(startBy)
    else if (now() >= notBefore) startInNextTurn()
  }

  function startInNextTurn(): void {
    startBy = now() + MOST_BUSY_MS
    nextTurn(() => {
      if (startBy !== undefined) startAtOnce()
    }).unref()
  }

  function startIfBusy(by: number): void {
    if (waitingSpans(control) >= MOST_SPANS_BEFORE || now() >= by) startAtOnce()
  }

  function startAtOnce(): void {
    startBy = undefined
    if (Atomics.load(control, Word.served) === 1 || Atomics.load(control, Word.givenUp) === 1) return
    try {
      start()
    } catch (error) {
      giveUp(`the export thread cannot be started (${String(error)})`)
    }
  }

  function start(): void {
    // Loaded here, as it brings the streams of Node with it: 2 MB that a process without spans does not need.
    const { Worker: Thread } = process.getBuiltinModule('node:worker_threads')
    const worker: Worker = new Thread(join(import.meta.dirname, 'export-thread.cjs'), {
      name: 'zen-telemetry',
      workerData: { ...input, queueId, generation: generation++ } satisfies ExportThreadInput,
      execArgv: [],
      env: workerEnvironment(),
      // Piped to nowhere: its own lines go to the file descriptor, and process.stdout of the application stays untouched.
      stdout: true,
      stderr: true,
      trackUnmanagedFds: false,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    })
    Atomics.store(control, Word.served, 1)
    current = worker
    let reason = 'no reason given'
    worker.on('error', (error) => {
      reason = String(error)
    })
    worker.on('exit', (code) => ended(worker, code === 0 ? 'by itself' : reason))
    worker.unref()
  }

  function endIfHung(time: number): void {
    if (!current || !hangs(time)) return
    const hung = current
    // It is terminated once, and counted when it has ended, for only then nobody reads the queue any more.
    current = undefined
    log.warn('the export thread hangs; it is ended and started again')
    hung.terminate().catch(() => {
      // Ended already.
    })
  }

  /** What it had taken is on disk, where the next thread finds it; that one says what is not. */
  function ended(worker: Worker, reason: string): void {
    // It said so itself on its way out, and the next one runs already.
    if (current === worker || current === undefined) Atomics.store(control, Word.served, 0)
    const time = now()
    deaths.push(time)
    while (time - deaths[0]! > DEATHS_WITHIN_MS) deaths.shift()
    if (deaths.length >= MOST_DEATHS) {
      return giveUp(`the export thread ended ${deaths.length} times within a minute, at last with ${reason}`)
    }
    log.warn(`the export thread ended with ${reason}; it is started again`)
    const pause = FIRST_PAUSE_MS * 2 ** (deaths.length - 1)
    notBefore = time + pause
    setTimeout(() => {
      // Timers fire up to a millisecond early: the clock is not asked again, for there may be no later span that asks it.
      if (hasUndelivered(control)) startAtOnce()
    }, pause).unref()
  }

  /** From now on no span is made, and nobody waits for what was. */
  function giveUp(why: string): void {
    if (Atomics.exchange(control, Word.givenUp, 1) === 1) return
    const kept = Atomics.load(control, Word.journaled)
    const lost = Math.max(0, undelivered(control) - kept)
    Atomics.store(control, Word.settled, spansWritten(control))
    log.error(
      `${why}; telemetry is off for this process. ${lost} spans are lost, ${kept} are kept in the journal for the next ` +
        'process.',
    )
  }

  return {
    ensureStarted,
    startAtOnce,
    get isDue() {
      return startBy !== undefined
    },
  }
}

/** By the clock, which no two queues of a process are made at the same nanosecond of. */
function uniqueId(): string {
  return (process.hrtime.bigint() & 0xffffffffn).toString(16).padStart(8, '0')
}
