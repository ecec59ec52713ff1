import { rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../../fixtures/google-cloud/google-cloud.ts'
import { createGatedExporter } from '../../../src/export/delivery/gated-exporter.ts'
import { NO_OTLP_SETTINGS } from '../../../src/export/destination/otlp-environment.ts'
import { createOtlpExporter } from '../../../src/export/exporters/otlp.ts'
import { openLimits } from '../../../src/export/limits/open-limits.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { makeSpan } from '../exporters/make-span.ts'

const TIMEOUT_MS = 10_000

let cloud: GoogleCloud
let folder: string
beforeAll(async () => {
  cloud = await startGoogleCloud()
})
beforeEach(() => {
  folder = tempFolder()
})
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true })
  await cloud.faults.clear()
  cloud.reset()
})
afterAll(() => cloud.close())

/** What one process of the machine sends with. */
function openProcess() {
  const { gate } = openLimits({ mode: 'private', folder, onBudget: () => {}, onWait: () => {} })
  const exporter = createGatedExporter(
    createOtlpExporter({
      url: `${cloud.urls.collector}/v1/traces`,
      projectId: undefined,
      credentials: { headers: () => Promise.reject(new Error('no token for a collector')), forget: () => {} },
      settings: NO_OTLP_SETTINGS,
      resource: {
        mode: 'private',
        serviceName: 'shop',
        facts: { serviceVersion: undefined, nodeVersion: '20.20.2', osType: 'linux' },
      },
    }),
    gate,
  )
  return { gate, send: () => exporter.send([makeSpan()], TIMEOUT_MS), close: () => exporter.close() }
}

describe('an exporter behind the gate', () => {
  it('sends what the limits allow', async () => {
    const { send, close } = openProcess()
    expect(await send()).toEqual({ status: 'accepted' })
    expect(cloud.spans()).toHaveLength(1)
    await close()
  })

  it('sends nothing more from any process once the service has told one that a quota is used up', async () => {
    const [one, other] = [openProcess(), openProcess()]
    await cloud.faults.set('collector', { kind: 'status', code: 429, retryAfterSeconds: 60, times: 1 })
    expect(await one.send()).toMatchObject({ status: 'failed', kind: 'throttled' })
    const waiting = other.send()
    await pause(300)
    expect(cloud.requests('collector')).toHaveLength(1)
    other.gate.abandon()
    expect(await waiting).toMatchObject({ status: 'failed', retryable: true })
    await Promise.all([one.close(), other.close()])
  })
})
