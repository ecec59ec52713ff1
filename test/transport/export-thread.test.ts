import { EventEmitter } from 'node:events'
import { Worker, type WorkerOptions } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadConfig } from '../../src/config/load-config.ts'
import { createExportThread } from '../../src/transport/export-thread.ts'
import { allocateSpanQueue, controlOf, Word } from '../../src/transport/span-queue.ts'
import { recordingLog } from '../export/delivery/recording-log.ts'

vi.mock('node:worker_threads', { spy: true })

class FakeWorker extends EventEmitter {
  unreferenced = 0
  unref(): void {
    this.unreferenced++
  }
}

let workers: FakeWorker[]
let options: WorkerOptions[]
beforeEach(() => {
  workers = []
  options = []
  vi.mocked(Worker).mockImplementation(function (_file, given) {
    options.push(given!)
    const worker = new FakeWorker()
    workers.push(worker)
    return worker as unknown as Worker
  })
})
afterEach(() => vi.unstubAllEnvs())

function setUp() {
  const queue = allocateSpanQueue(1)
  const control = controlOf(queue)
  const { log, lines } = recordingLog()
  const facts = { serviceVersion: undefined, nodeVersion: '20.20.2', osType: 'linux' }
  const input = { queue, config: loadConfig({}).config, facts }
  return {
    control,
    lines,
    input,
    ...createExportThread(input, log),
  }
}

describe('the export thread', () => {
  it('is not started before it is needed, and then once', () => {
    const { ensureStarted, input } = setUp()
    expect(workers).toHaveLength(0)
    ensureStarted()
    ensureStarted()
    expect(workers).toHaveLength(1)
    expect(options[0]).toMatchObject({
      workerData: { ...input, generation: 0, queueId: expect.stringMatching(/^[0-9a-f]{8}$/) },
      stdout: true,
      stderr: true,
    })
  })

  it('does not keep the process alive', () => {
    setUp().ensureStarted()
    expect(workers[0]!.unreferenced).toBe(1)
  })

  it('gets no flags, and a copy of the environment without what would load the agent again or weaken TLS', () => {
    vi.stubEnv('NODE_OPTIONS', '--require ./agent.cjs')
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    vi.stubEnv('ZEN_SERVICE_NAME', 'shop')
    setUp().ensureStarted()
    const { env, execArgv } = options[0]!
    expect(execArgv).toEqual([])
    expect(env).toMatchObject({ ZEN_SERVICE_NAME: 'shop' })
    expect(Object.keys(env as object)).not.toContain('NODE_OPTIONS')
    expect(Object.keys(env as object)).not.toContain('NODE_TLS_REJECT_UNAUTHORIZED')
    expect(process.env['NODE_OPTIONS']).toBe('--require ./agent.cjs')
  })

  it('is not started by a thread that finds the queue served', () => {
    const { ensureStarted, control } = setUp()
    Atomics.store(control, Word.served, 1)
    ensureStarted()
    expect(workers).toHaveLength(0)
  })

  it('is started again when it has ended, three times in all', () => {
    const { ensureStarted, lines } = setUp()
    for (let round = 0; round < 5; round++) {
      ensureStarted()
      workers.at(-1)!.emit('error', new Error('out of memory'))
      workers.at(-1)!.emit('exit', 1)
    }
    expect(workers).toHaveLength(3)
    expect(lines[0]).toMatch(/^error: the export thread ended with an error: .*out of memory/)
  })

  it('that cannot be started is reported once, and not tried again', () => {
    vi.mocked(Worker).mockImplementation(function () {
      throw new Error('no threads here')
    })
    const { ensureStarted, lines } = setUp()
    ensureStarted()
    ensureStarted()
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^error: the export thread cannot be started .*no threads here/)
  })
})
