import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Config } from '../../config/config.ts'
import type { Environment } from '../../config/load-config.ts'
import { readProcessFacts } from '../../config/process-facts.ts'
import { messageOf } from '../../shared/errors.ts'
import { Asleep, controlOf, Word } from '../../transport/control-block.ts'
import { allocateSpanQueue } from '../../transport/queue-memory.ts'
import type { ExportThreadInput } from '../../transport/wire.ts'
import { workerEnvironment } from '../../transport/worker-environment.ts'
import { type Finding, finding } from '../findings/finding.ts'

const LOOK_EVERY_MS = 2
const LONGEST_MS = 20_000

/**
 * Starts the thread that sends spans as the agent starts it, waits until it has loaded and looks for spans, and ends it.
 * It writes to a folder of its own and sends nothing.
 *
 * @param config as the program would have it
 * @param environment of this process
 * @param agentFolder where the agent's parts are
 * @returns never rejects
 */
export async function checkExportThread(
  config: Config,
  environment: Environment,
  agentFolder: string,
): Promise<Finding> {
  const folder = mkdtempSync(join(tmpdir(), 'zen-telemetry-doctor-'))
  const queue = allocateSpanQueue(1)
  const control = controlOf(queue)
  const start = performance.now()
  const thread = new Worker(join(agentFolder, 'export-thread.cjs'), {
    workerData: {
      queue,
      config: { ...config, exporter: 'none', metrics: 'none', directory: folder, logLevel: 'none' },
      facts: readProcessFacts(undefined),
      queueId: '00000000',
      generation: 0,
    } satisfies ExportThreadInput,
    execArgv: [],
    env: workerEnvironment(environment),
    stdout: true,
    stderr: true,
  })
  try {
    const problem = await new Promise<string | undefined>((resolve) => {
      const timer = setInterval(() => {
        if (Atomics.load(control, Word.asleep) === Asleep.untilLine) ended(undefined)
        else if (performance.now() - start > LONGEST_MS) ended(`nothing within ${LONGEST_MS / 1000} s`)
      }, LOOK_EVERY_MS)
      function ended(why: string | undefined): void {
        clearInterval(timer)
        resolve(why)
      }
      thread.on('error', (error) => ended(messageOf(error)))
      thread.on('exit', (code) => ended(`it ended with code ${code}`))
    })
    const milliseconds = Math.round(performance.now() - start)
    return problem === undefined
      ? finding('export-thread', { milliseconds })
      : finding('export-thread-fails', { problem })
  } finally {
    await thread.terminate()
    rmSync(folder, { recursive: true, force: true })
  }
}
