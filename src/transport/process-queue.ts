import type * as WorkerThreads from 'node:worker_threads'
import { allocateSpanQueue } from './queue-memory.ts'

/**
 * The name under which worker threads find the queue. Every thread inherits this data from the one that started it, and
 * nobody can list it. The number changes with the layout of the queue: two versions of the agent share nothing.
 */
const KEY = '@zen/telemetry queue 2'
const DEFAULT_SPANS = 2048

/** The span queue of this thread. */
export interface ProcessQueue {
  readonly memory: SharedArrayBuffer
  /**
   * Whether it was made here: by the main thread. The other threads of the process write to it, and leave the export
   * thread to the main thread, which outlives them.
   */
  readonly owned: boolean
}

/**
 * Finds the queue that the main thread shares, or makes one.
 *
 * @param spans how many spans may wait, as it stands in the environment; it decides about the memory only
 */
export function openProcessQueue(spans: string | undefined): ProcessQueue {
  const inherited = inWorkerThread() ? workerThreads().getEnvironmentData(KEY) : undefined
  if (inherited instanceof SharedArrayBuffer) return { memory: inherited, owned: false }
  return { memory: allocateSpanQueue(Number(spans) || DEFAULT_SPANS), owned: true }
}

/** Hands a queue to all worker threads that this thread starts from now on, and to theirs. */
export function shareWithWorkers(memory: SharedArrayBuffer): void {
  // The declarations leave out what the structured clone algorithm takes besides plain values.
  workerThreads().setEnvironmentData(KEY, memory as unknown as WorkerThreads.Serializable)
}

/** Asked so because loading `node:worker_threads` takes 2 ms in a main thread that has no use for it. */
function inWorkerThread(): boolean {
  return (process.abort as { disabled?: boolean }).disabled === true
}

function workerThreads(): typeof WorkerThreads {
  return process.getBuiltinModule('node:worker_threads')
}
