import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Fault } from '../../../fixtures/google-cloud/fault.ts'
import { type GoogleCloud, startGoogleCloud } from '../../../fixtures/google-cloud/google-cloud.ts'
import type { CircuitState } from '../../../src/export/delivery/circuit.ts'
import { createDelivery } from '../../../src/export/delivery/delivery.ts'
import { createTimedExporter } from '../../../src/export/delivery/timed-exporter.ts'
import { NO_OTLP_SETTINGS } from '../../../src/export/destination/otlp-environment.ts'
import { createOtlpExporter } from '../../../src/export/exporters/otlp.ts'
import { createLoadControl, type LoadControl } from '../../../src/export/load/load-control.ts'
import { createSpanCounters } from '../../../src/export/metrics/span-counters.ts'
import { recordingLog } from '../delivery/recording-log.ts'
import { makeSpan } from '../exporters/make-span.ts'

const LONG_MS = 15_000
const TIMEOUT_MS = 400

let cloud: GoogleCloud
beforeAll(async () => {
  cloud = await startGoogleCloud()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await cloud.faults.clear()
  cloud.reset()
})
afterAll(() => cloud.close())

/** The load control of the product, impatient, over the exporter of the product. */
function start(timeoutMs = 30_000) {
  const load: LoadControl = createLoadControl({
    pace: { lookMs: 50, momentMs: 200, whileMs: 60_000 },
    core: 1,
    base: {
      rateBound: undefined,
      batchSize: 512,
      intervalMs: 5000,
      timeoutMs,
      queueSize: 2048,
      compress: false,
    },
    takeVitalSigns: () => ({ heap: 0.1, loopDelay: 0 }),
    onChange: () => {},
    log: { info: () => {} },
  })
  const exporter = createTimedExporter(
    createOtlpExporter({
      url: `${cloud.urls.collector}/v1/traces`,
      projectId: undefined,
      credentials: { headers: () => Promise.reject(new Error('no token for a collector')), forget: () => {} },
      settings: { ...NO_OTLP_SETTINGS, compression: 'none' },
      resource: {
        mode: 'private',
        serviceName: 'shop',
        facts: { serviceVersion: undefined, nodeVersion: '20.20.2', osType: 'linux' },
      },
      compress: () => load.tuning.compress,
    }),
    load.requestEnded,
  )
  const send = () => exporter.send([makeSpan()], load.tuning.timeoutMs)
  return { load, exporter, send, close: () => exporter.close() }
}

describe('requests over a real network', () => {
  it('that get no answer in time are made smaller and given longer, until answers come fast again', async () => {
    const { load, send, close } = start(TIMEOUT_MS)
    await cloud.faults.set('collector', { kind: 'hang', times: 4 })
    load.spanAdded(1)
    for (let request = 0; request < 4; request++) await send()
    await vi.waitUntil(() => load.inForce().includes('timeouts'), LONG_MS)
    expect(load.tuning).toMatchObject({ timeoutMs: 60_000, batchSize: 100 })

    // An answer that would have been too late before is no reason to go back.
    await cloud.faults.set('collector', { kind: 'slow', milliseconds: 2 * TIMEOUT_MS, times: 1 })
    expect(await send()).toEqual({ status: 'accepted' })
    await pause(200)
    expect(load.inForce()).toEqual(['timeouts'])

    await vi.waitUntil(async () => {
      await send()
      return load.inForce().length === 0
    }, LONG_MS)
    expect(load.tuning).toMatchObject({ timeoutMs: TIMEOUT_MS, batchSize: 512 })
    expect(load.records()[0]).toMatchObject({ signal: 'timeouts', revertedAt: expect.any(Number) })
    await close()
  })

  it('that are never answered open the circuit before they are given longer, and what is slow is delivered then', async () => {
    const { load, exporter, close } = start(TIMEOUT_MS)
    const requests: { readonly spans: number; readonly timeoutMs: number }[] = []
    const circuit: CircuitState[] = []
    const opened: number[] = []
    const slow: Fault = { kind: 'slow', milliseconds: 2 * TIMEOUT_MS }
    vi.spyOn(Math, 'random').mockReturnValue(0.2)
    const delivery = createDelivery({
      exporter: {
        ...exporter,
        async send(spans, timeoutMs) {
          requests.push({ spans: spans.length, timeoutMs })
          if (circuit.length > 0) await cloud.faults.set('collector', slow)
          return exporter.send(spans, timeoutMs)
        },
      },
      get batchSize() {
        return load.tuning.batchSize
      },
      intervalMs: 10,
      get timeoutMs() {
        return load.tuning.timeoutMs
      },
      exitTimeoutMs: 2000,
      counters: createSpanCounters(),
      onSettled: () => {},
      repair: (span) => span,
      onCircuit: (state) => {
        circuit.push(state)
        opened.push(requests.length)
      },
      log: recordingLog().log,
      advice: () => '',
    })
    await cloud.faults.set('collector', { kind: 'hang' })
    load.spanAdded(1)
    for (let index = 0; index < 120; index++) delivery.add(makeSpan())
    await vi.waitUntil(() => circuit.length > 0, LONG_MS)
    expect(circuit[0]).toMatchObject({ state: 'open', cause: { kind: 'timeout' } })
    expect(requests.slice(0, opened[0])).toEqual(
      Array.from({ length: 4 }, () => ({ spans: 120, timeoutMs: TIMEOUT_MS })),
    )

    await vi.waitUntil(() => delivery.waiting === 0, LONG_MS)
    expect(circuit.at(-1)).toEqual({ state: 'closed' })
    expect(requests.at(-1)?.timeoutMs).toBe(60_000)
    expect(requests.slice(-2).map(({ spans }) => spans)).toEqual([100, 20])
    await close()
  })

  it('are compressed while there is much to send, although the collector was to get them plain', async () => {
    const { load, send, close } = start()
    await send()
    const flood = setInterval(() => load.spanAdded(200_000), 50)
    await vi.waitUntil(() => load.tuning.compress, LONG_MS)
    await send()
    clearInterval(flood)
    await vi.waitUntil(() => !load.tuning.compress, LONG_MS)
    await send()
    const encodings = cloud.requests('collector').map(({ headers }) => headers['content-encoding'])
    expect(encodings).toEqual([undefined, 'gzip', undefined])
    expect(cloud.spans()).toHaveLength(3)
    await close()
  })
})
