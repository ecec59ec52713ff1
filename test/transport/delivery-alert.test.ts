import { Worker } from 'node:worker_threads'
import { describe, expect, it, vi } from 'vitest'
import {
  ALERT_CAUSES,
  type DeliveryAlert,
  watchAlerts,
  writeAlert,
} from '../../src/transport/delivery-alert.ts'
import { showCircuit } from '../../src/export/fallback-mode.ts'
import { controlOf, Word } from '../../src/transport/control-block.ts'
import { allocateSpanQueue } from '../../src/transport/queue-memory.ts'

function setUp() {
  const control = controlOf(allocateSpanQueue(1))
  const alerts: DeliveryAlert[] = []
  watchAlerts(control, (alert) => alerts.push(alert))
  return { control, alerts }
}

describe('alerts', () => {
  it('say what fails and that it works again', async () => {
    const { control, alerts } = setUp()
    for (const cause of ALERT_CAUSES) {
      alerts.length = 0
      writeAlert(control, { state: 'failing', cause })
      await vi.waitUntil(() => alerts.length > 0)
      expect(alerts).toEqual([{ state: 'failing', cause }])
    }
    writeAlert(control, { state: 'recovered' })
    await vi.waitUntil(() => alerts.length > 1)
    expect(alerts.at(-1)).toEqual({ state: 'recovered' })
  })

  it('tell a thread that was busy the latest state, once', async () => {
    const { control, alerts } = setUp()
    writeAlert(control, { state: 'failing', cause: 'server' })
    writeAlert(control, { state: 'recovered' })
    writeAlert(control, { state: 'failing', cause: 'timeout' })
    await vi.waitUntil(() => alerts.length > 0)
    expect(alerts).toEqual([{ state: 'failing', cause: 'timeout' }])
  })

  it('reach every thread that watches, and keep none of them alive', async () => {
    const { control, alerts } = setUp()
    // The word is waited for as `watchAlerts` does.
    const worker = new Worker(
      `const control = new Int32Array(require('node:worker_threads').workerData)
       void Atomics.waitAsync(control, ${Word.alert}, 0).value`,
      { eval: true, workerData: control.buffer },
    )
    expect(await new Promise((resolve) => worker.on('exit', resolve))).toBe(0)
    writeAlert(control, { state: 'recovered' })
    await vi.waitUntil(() => alerts.length > 0)
  })
})

describe('fallback mode', () => {
  it('bounds the rate to 1% and asks for roots and failures only, until deliveries work again', async () => {
    const { control, alerts } = setUp()
    const cause = { status: 'failed', kind: 'credentials', retryable: true, message: 'no' } as const
    showCircuit(control, { state: 'open', cause, failures: 11 })
    expect([control[Word.breakerBound], control[Word.rootsOnly]]).toEqual([10_001, 1])
    await vi.waitUntil(() => alerts.length > 0)
    showCircuit(control, { state: 'closed' })
    expect([control[Word.breakerBound], control[Word.rootsOnly]]).toEqual([0, 0])
    await vi.waitUntil(() => alerts.length > 1)
    expect(alerts).toEqual([{ state: 'failing', cause: 'credentials' }, { state: 'recovered' }])
  })
})
