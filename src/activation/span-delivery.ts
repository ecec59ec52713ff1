import type { Config } from '../config/config.ts'
import { readProcessFacts } from '../config/process-facts.ts'
import type { Logger } from '../shared/log.ts'
import type { RecordingSpan } from '../tracing/recording-span.ts'
import { createSpanHandover } from '../tracing/span-handover.ts'
import { controlOf, Word } from '../transport/control-block.ts'
import { createExportThread } from '../transport/export-thread.ts'
import { hasUndelivered } from '../transport/finish-handshake.ts'
import { isLeftOut } from '../transport/left-out.ts'
import { closedInWorker, hasOpenInWorkers, watchProcessEnd } from '../transport/open-in-workers.ts'
import { type ExitWatch, watchExit } from '../transport/process-exit.ts'
import type { ProcessQueue } from '../transport/process-queue.ts'
import { callOwner } from '../transport/queue-owner.ts'
import { openForWriting } from '../transport/queue-writer.ts'
import { watchThreadEnd } from '../transport/thread-end.ts'
import { createVitalSigns } from '../transport/vital-signs.ts'
import { writeSpan } from './write-span.ts'

/** What the delivery of a thread's spans needs from its surroundings. */
export interface DeliveryOptions {
  readonly config: Config
  readonly queue: ProcessQueue
  /** Whether telemetry is on at this moment. */
  readonly isEnabled: () => boolean
  /** Ends the spans that are still open. */
  readonly endOpen: (uncaught?: { readonly thrown: unknown }) => void
  readonly log: Logger
  /** Told of every failure of our own; must not throw. */
  readonly contained: (error: unknown) => void
}

/** Brings the spans of a thread to the export thread, and sees to it that none is left behind. */
export interface SpanDelivery {
  /** A span has ended. Throws nothing. */
  add(span: RecordingSpan): void
  /** The first span of this thread begins: from now on its end is watched. */
  watchEnd(): void
  /** Other threads have written spans to the queue that this thread owns: sees to their delivery. */
  serveWorkers(): void
  /** The same where the process ends. */
  finishWorkers(): void
}

const LOOK_AGAIN_MS = 1

/** Makes the delivery of a thread. Nothing is started before the first span. */
export function createSpanDelivery(options: DeliveryOptions): SpanDelivery {
  const { config, isEnabled, log, contained } = options
  const { memory, owned } = options.queue
  const control = controlOf(memory)
  const queue = openForWriting(memory, config.queueSize)
  const script = process.argv[1]
  const exportThread = createExportThread(
    {
      queue: memory,
      config,
      // Read with the first span: two files, which a process that samples nothing does not need.
      get facts() {
        return readProcessFacts(script)
      },
    },
    log,
  )
  const vitalSigns = createVitalSigns(control)
  let exitWatch: ExitWatch | undefined

  const handover = createSpanHandover((span) => {
    try {
      // Looked at when it began, which was just now. Each look at the environment takes half a microsecond.
      if (span.duration >= LOOK_AGAIN_MS && !isEnabled()) return
      if (isLeftOut(control, span)) return
      writeSpan(queue, span)
      spanWritten(span.endedAt)
      vitalSigns.spanMade()
    } catch (error) {
      contained(error)
    } finally {
      if (!owned) closedInWorker(control)
    }
  }, owned)

  function endOpen(uncaught?: { readonly thrown: unknown }): void {
    try {
      options.endOpen(uncaught)
      handover.flush()
    } catch (error) {
      contained(error)
    }
  }

  function standWatch(): ExitWatch {
    const exitTimeoutMs = config.exitTimeoutSeconds * 1000
    return (exitWatch ??= watchExit({ control, exportThread, exitTimeoutMs, endOpen, log, contained }))
  }

  function spanWritten(time?: number): void {
    if (!owned) return callOwner(control)
    exportThread.ensureStarted(time)
    standWatch().spanWritten()
  }

  function watchEnd(): void {
    if (owned) return void standWatch()
    watchThreadEnd(endOpen)
    watchProcessEnd(control, endOpen)
  }

  function serveWorkers(): void {
    if (hasUndelivered(control) && isEnabled()) return spanWritten()
    Atomics.store(control, Word.watched, 0)
  }

  function finishWorkers(): void {
    // A watch that stands already has a listener of its own.
    const waits = hasUndelivered(control) || hasOpenInWorkers(control)
    if (exitWatch === undefined && waits && isEnabled()) standWatch().finish()
  }

  return { add: handover.add, watchEnd, serveWorkers, finishWorkers }
}
