import { join } from 'node:path'
import type { TraceReaderInput } from './wire.ts'
import { workerEnvironment } from './worker-environment.ts'

const MOST_MS = 20_000

/**
 * Reads the spans of a trace from where they were sent, in a thread of its own that ends with the answer: what talks to
 * Google is never loaded in the application's thread.
 *
 * @returns what the thread found; rejects if it fails or takes longer than 20 seconds
 */
export function readTrace<T>(input: TraceReaderInput): Promise<T> {
  const { Worker } = process.getBuiltinModule('node:worker_threads')
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(import.meta.dirname, 'trace-reader.cjs'), {
      name: 'zen-telemetry trace reader',
      workerData: input,
      execArgv: [],
      env: workerEnvironment(),
      stdout: true,
      stderr: true,
    })
    const timer = setTimeout(() => {
      void worker.terminate()
      reject(new Error(`the trace was not read within ${MOST_MS / 1000} s`))
    }, MOST_MS)
    worker.on('message', resolve)
    worker.on('error', reject)
    worker.on('exit', () => {
      clearTimeout(timer)
      reject(new Error('the thread that reads traces ended without an answer'))
    })
  })
}
