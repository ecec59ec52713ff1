import { EventEmitter } from 'node:events'
import { Worker, type WorkerOptions } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { loadConfig } from '../../src/config/load-config.ts'
import { createExportThread } from '../../src/transport/export-thread.ts'
import { hasUndelivered } from '../../src/transport/finish-handshake.ts'
import { controlOf, Word } from '../../src/transport/control-block.ts'
import { allocateSpanQueue } from '../../src/transport/queue-memory.ts'
import { recordingLog } from '../export/delivery/recording-log.ts'

vi.mock('node:worker_threads', { spy: true })

class FakeWorker extends EventEmitter {
  unreferenced = 0
  terminated = 0
  unref(): void {
    this.unreferenced++
  }
  async terminate(): Promise<void> {
    this.terminated++
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
  const time = { now: 1000 }
  /** The thread that runs ends with an error. */
  function die(message = 'out of memory'): void {
    workers.at(-1)!.emit('error', new Error(message))
    workers.at(-1)!.emit('exit', 1)
  }
  const thread = createExportThread(input, log, () => time.now)
  /** The application goes on until its event loop turns. */
  async function spanWritten(): Promise<void> {
    thread.ensureStarted()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return {
    spanWritten,
    isDue: () => thread.isDue,
    control,
    lines,
    input,
    time,
    die,
    ensureStarted: thread.ensureStarted,
    startAtOnce: thread.startAtOnce,
  }
}

describe('the export thread', () => {
  it('is not started before it is needed, and then once', async () => {
    const { spanWritten, input } = setUp()
    expect(workers).toHaveLength(0)
    await spanWritten()
    await spanWritten()
    expect(workers).toHaveLength(1)
    expect(options[0]).toMatchObject({
      workerData: { ...input, generation: 0, queueId: expect.stringMatching(/^[0-9a-f]{8}$/) },
      stdout: true,
      stderr: true,
    })
  })

  it('is started when the event loop turns, so that the call of the span need not wait for it', async () => {
    const thread = setUp()
    const turned = thread.spanWritten()
    expect(workers).toHaveLength(0)
    expect(thread.isDue()).toBe(true)
    await turned
    expect(workers).toHaveLength(1)
    expect(thread.isDue()).toBe(false)
  })

  it('is started at once where the event loop does not turn for a while', () => {
    const { ensureStarted, time } = setUp()
    ensureStarted()
    time.now += 49
    ensureStarted()
    expect(workers).toHaveLength(0)
    time.now += 1
    ensureStarted()
    expect(workers).toHaveLength(1)
  })

  it('is started at once where many spans are written before the event loop turns', () => {
    const { ensureStarted, control } = setUp()
    ensureStarted()
    Atomics.store(control, Word.published, 16 << 16)
    ensureStarted()
    expect(workers).toHaveLength(1)
  })

  it('is started once where the process ends before the event loop turns', async () => {
    const { spanWritten, startAtOnce } = setUp()
    const turned = spanWritten()
    startAtOnce()
    await turned
    expect(workers).toHaveLength(1)
  })

  it('does not keep the process alive', async () => {
    await setUp().spanWritten()
    expect(workers[0]!.unreferenced).toBe(1)
  })

  it('gets no flags, and a copy of the environment without what would load the agent again or weaken TLS', async () => {
    vi.stubEnv('NODE_OPTIONS', '--require ./agent.cjs')
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    vi.stubEnv('ZEN_SERVICE_NAME', 'shop')
    await setUp().spanWritten()
    const { env, execArgv } = options[0]!
    expect(execArgv).toEqual([])
    expect(env).toMatchObject({ ZEN_SERVICE_NAME: 'shop' })
    expect(Object.keys(env as object)).not.toContain('NODE_OPTIONS')
    expect(Object.keys(env as object)).not.toContain('NODE_TLS_REJECT_UNAUTHORIZED')
    expect(process.env['NODE_OPTIONS']).toBe('--require ./agent.cjs')
  })

  it('is not started by a thread that finds the queue served', async () => {
    const { spanWritten, control } = setUp()
    Atomics.store(control, Word.served, 1)
    await spanWritten()
    expect(workers).toHaveLength(0)
  })

  it('is started again when it has ended, but not at once, and as the next generation', async () => {
    const { spanWritten, lines, time, die } = setUp()
    await spanWritten()
    die()
    await spanWritten()
    expect(workers).toHaveLength(1)
    time.now += 1000
    await spanWritten()
    expect(workers).toHaveLength(2)
    expect(options.map(({ workerData }) => (workerData as { generation: number }).generation)).toEqual([0, 1])
    expect(new Set(options.map(({ workerData }) => (workerData as { queueId: string }).queueId)).size).toBe(1)
    expect(lines).toEqual([
      expect.stringMatching(/^warn: the export thread ended with .*out of memory; it is started again/),
    ])
  })

  it('is started again without a further span, if something is undelivered', async () => {
    const { spanWritten, control, time, die } = setUp()
    await spanWritten()
    Atomics.store(control, Word.taken, 1)
    die()
    // Of the pause of 100 ms: timers may fire a little early.
    time.now += 99.5
    await vi.waitUntil(() => workers.length === 2)
  })

  it('is started at once where the process ends', async () => {
    const { spanWritten, startAtOnce, die } = setUp()
    await spanWritten()
    die()
    startAtOnce()
    expect(workers).toHaveLength(2)
  })

  it('is given up after three deaths in a minute: nothing is waited for, and it is said what became of it', async () => {
    const { spanWritten, startAtOnce, control, lines, time, die } = setUp()
    for (let death = 0; death < 3; death++) {
      time.now += 10_000
      await spanWritten()
      Atomics.store(control, Word.taken, 7)
      Atomics.store(control, Word.journaled, 5)
      die()
    }
    time.now += 10_000
    await spanWritten()
    startAtOnce()
    expect(workers).toHaveLength(3)
    expect(Atomics.load(control, Word.givenUp)).toBe(1)
    expect(hasUndelivered(control)).toBe(false)
    expect(lines.at(-1)).toMatch(
      /^error: .*ended 3 times within a minute.*telemetry is off for this process. 2 spans are lost, 5 are kept/,
    )
  })

  it('is not given up for deaths that are further apart', async () => {
    const { spanWritten, time, die } = setUp()
    for (let death = 0; death < 6; death++) {
      time.now += 31_000
      await spanWritten()
      die()
    }
    expect(workers).toHaveLength(6)
  })

  it('does not stop its successor by the news of its own end', async () => {
    const { spanWritten, control, time } = setUp()
    await spanWritten()
    // On its way out it says so itself.
    Atomics.store(control, Word.served, 0)
    time.now += 1000
    await spanWritten()
    expect(workers).toHaveLength(2)
    workers[0]!.emit('exit', 1)
    expect(Atomics.load(control, Word.served)).toBe(1)
  })

  it('is ended when it takes nothing any more, and started again when it has ended', async () => {
    const { spanWritten, control, time, lines } = setUp()
    await spanWritten()
    Atomics.store(control, Word.published, 3 << 16)
    for (let second = 0; second < 20; second++) {
      time.now += 1000
      await spanWritten()
    }
    expect(workers.map(({ terminated }) => terminated)).toEqual([1])
    expect(lines[0]).toMatch(/^warn: the export thread hangs/)
    workers[0]!.emit('exit', 1)
    time.now += 1000
    await spanWritten()
    expect(workers).toHaveLength(2)
  })

  it('that cannot be started is reported once, and not tried again', async () => {
    vi.mocked(Worker).mockImplementation(function () {
      throw new Error('no threads here')
    })
    const { spanWritten, lines } = setUp()
    await spanWritten()
    await spanWritten()
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^error: the export thread cannot be started .*no threads here/)
  })
})
