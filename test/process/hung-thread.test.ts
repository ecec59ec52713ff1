import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { type Application, installApplication } from '../support/application.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { repository } from '../support/repository.ts'
import { startProgram } from '../support/run-program.ts'
import { tempFolder } from '../support/temp-folder.ts'

const children = join(repository, 'test', 'process', 'children')
const stopper = join(children, 'stop-threads.py')
const SPANS_A_CALL = 4
/** The agent waits 12 seconds before it believes that a thread hangs. */
const MOST_MS = 90_000

/** Signals stop whole processes; one thread is stopped by whoever traces it, which takes Linux and the right to. */
function canStopThreads(): boolean {
  if (process.platform !== 'linux') return false
  const sleeper = spawn('sleep', ['60'])
  const { status } = spawnSync('python3', [stopper, String(sleeper.pid)], { input: '' })
  sleeper.kill('SIGKILL')
  return status === 0
}

let cloud: GoogleCloud
let application: Application
beforeAll(async () => {
  cloud = await startGoogleCloud()
  application = installApplication('server-cjs', 'zen-dual')
})
afterAll(async () => {
  application.remove()
  await cloud.close()
})

it.skipIf(!canStopThreads())(
  'an export thread that hangs is ended and started again, and no span is lost',
  async () => {
    const preload = ['--require', join(children, 'name-export-thread.cjs'), '--require', registerFiles.cjs]
    const server = startProgram(process.execPath, [...preload, 'server.cjs'], {
      cwd: application.folder,
      env: {
        ...cloud.env({ credentials: 'metadata', projectId: cloud.projectId }),
        ZEN_TELEMETRY_SAMPLE_RATE: '1',
        ZEN_TELEMETRY_FLUSH_INTERVAL: '0.2',
        ZEN_TELEMETRY_DIR: tempFolder(),
        ZEN_TELEMETRY_EXIT_TIMEOUT: '20',
      },
      mostMs: MOST_MS,
    })
    const [, port] = /listening on (\d+)/.exec(await server.printed('listening on ')) ?? []
    let calls = 0
    const call = async (): Promise<void> => {
      expect((await fetch(`http://127.0.0.1:${port}/run`)).ok).toBe(true)
      calls++
    }
    await call()
    await cloud.waitForSpans(SPANS_A_CALL, MOST_MS)
    const [, thread = ''] = /export thread (\d+)\./.exec(await server.printed('export thread ')) ?? []

    const stop = spawn('python3', [stopper, thread], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(stop.stdout, 'data')
    let found = false
    void server.warned('the export thread hangs; it is ended and started again').then(() => (found = true))
    while (!found) {
      await call()
      await pause(200)
    }
    expect(cloud.spans()).toHaveLength(SPANS_A_CALL)
    stop.stdin.end()
    await server.warned('it is started again')
    await call()
    await cloud.waitForSpans(calls * SPANS_A_CALL, MOST_MS)

    server.child.kill('SIGTERM')
    expect((await server.ended).signal).toBe('SIGTERM')
    expect(new Set(cloud.spans().map(({ spanId }) => spanId)).size).toBe(calls * SPANS_A_CALL)
  },
  MOST_MS,
)
