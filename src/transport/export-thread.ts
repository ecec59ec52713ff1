import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Logger } from '../shared/log.ts'
import { controlOf, Word } from './span-queue.ts'
import type { ExportThreadInput } from './wire.ts'

/** The thread that delivers, seen from the application thread. */
export interface ExportThread {
  /** Starts it unless it runs. Never throws; a thread that cannot start is reported once. */
  ensureStarted(): void
}

/**
 * Removed from the copy of the environment: the first would load this agent again, the second weakens TLS, the rest make
 * libraries write to the application's stderr.
 */
const NOT_INHERITED = [
  'NODE_OPTIONS',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'NODE_DEBUG',
  'DEBUG',
  'DEBUG_AUTH',
  'GOOGLE_SDK_NODE_LOGGING',
  'GRPC_TRACE',
  'GRPC_VERBOSITY',
]
const MOST_STARTS = 3
/** Of the thread's heap. Left to itself, V8 lets it grow to 48 MB of what was thrown away long ago. */
const YOUNG_GENERATION_MB = 8

/**
 * Prepares the export thread; nothing is started yet.
 *
 * @param input what it is started with
 * @param log the agent's log
 */
export function createExportThread(
  input: Omit<ExportThreadInput, 'queueId' | 'generation'>,
  log: Logger,
): ExportThread {
  const control = controlOf(input.queue)
  const queueId = uniqueId()
  let starts = 0

  function ensureStarted(): void {
    if (Atomics.load(control, Word.served) === 1 || starts >= MOST_STARTS) return
    starts++
    try {
      start()
    } catch (error) {
      log.error(`the export thread cannot be started (${String(error)}); spans of this process are not sent`)
      starts = MOST_STARTS
    }
  }

  function start(): void {
    // Loaded here, as it brings the streams of Node with it: 2 MB that a process without spans does not need.
    const { Worker } = createRequire(import.meta.url)(
      'node:worker_threads',
    ) as typeof import('node:worker_threads')
    const worker = new Worker(join(import.meta.dirname, 'export-thread.cjs'), {
      name: 'zen-telemetry',
      workerData: { ...input, queueId, generation: starts - 1 } satisfies ExportThreadInput,
      execArgv: [],
      env: inheritedEnvironment(),
      // Piped to nowhere: its own lines go to the file descriptor, and process.stdout of the application stays untouched.
      stdout: true,
      stderr: true,
      trackUnmanagedFds: false,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    })
    Atomics.store(control, Word.served, 1)
    worker.on('error', (error) => log.error(`the export thread ended with an error: ${String(error)}`))
    worker.on('exit', ended)
    worker.unref()
  }

  /** What it had taken is on disk, where the next thread finds it; it says what is not. */
  function ended(): void {
    Atomics.store(control, Word.served, 0)
  }

  return { ensureStarted }
}

/** By the clock, which no two queues of a process are made at the same nanosecond of. */
function uniqueId(): string {
  return (process.hrtime.bigint() & 0xffffffffn).toString(16).padStart(8, '0')
}

function inheritedEnvironment(): NodeJS.ProcessEnv {
  const copy = { ...process.env }
  for (const name of NOT_INHERITED) delete copy[name]
  return copy
}
