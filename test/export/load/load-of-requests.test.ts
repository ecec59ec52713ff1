import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../../fixtures/google-cloud/google-cloud.ts'
import { createTimedExporter } from '../../../src/export/delivery/timed-exporter.ts'
import { NO_OTLP_SETTINGS } from '../../../src/export/destination/otlp-environment.ts'
import { createOtlpExporter } from '../../../src/export/exporters/otlp.ts'
import { createLoadControl, type LoadControl } from '../../../src/export/load/load-control.ts'
import { makeSpan } from '../exporters/make-span.ts'

const LONG_MS = 15_000
const TIMEOUT_MS = 400

let cloud: GoogleCloud
beforeAll(async () => {
  cloud = await startGoogleCloud()
})
afterEach(async () => {
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
  return { load, send, close: () => exporter.close() }
}

describe('requests over a real network', () => {
  it('that get no answer in time are made smaller and given longer, until answers come fast again', async () => {
    const { load, send, close } = start(TIMEOUT_MS)
    await cloud.faults.set('collector', { kind: 'hang', times: 3 })
    load.spanAdded(1)
    for (let request = 0; request < 3; request++) await send()
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
