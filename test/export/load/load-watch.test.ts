import { describe, expect, it } from 'vitest'
import { createAuditLog } from '../../../src/export/load/audit-log.ts'
import { createLoadWatch } from '../../../src/export/load/load-watch.ts'
import type { LoadSignals, Tuning } from '../../../src/export/load/reactions.ts'

const SECOND = 1000
const CALM: LoadSignals = { cpu: 0.1, heap: 0.2, loopDelay: 1, traffic: 1000, timeouts: 0 }
const BASE: Tuning = {
  rateBound: undefined,
  batchSize: 512,
  intervalMs: 5000,
  timeoutMs: 30_000,
  queueSize: 2048,
  compress: false,
}

function start() {
  let time = 0
  const audit = createAuditLog()
  const changes: Tuning[] = []
  const lines: string[] = []
  const watch = createLoadWatch({
    pace: { lookMs: SECOND, momentMs: 5 * SECOND, whileMs: 15 * SECOND },
    base: BASE,
    audit,
    onChange: (tuning) => changes.push(tuning),
    log: { info: (line) => lines.push(line) },
    now: () => time,
    date: () => 1_700_000_000_000 + time,
  })
  return {
    watch,
    audit,
    changes,
    lines,
    /** Looks once a second at the same signals. */
    pass(seconds: number, signals: Partial<LoadSignals> = {}) {
      for (let second = 0; second < seconds; second++) {
        watch.look({ ...CALM, ...signals })
        time += SECOND
      }
      return watch.tuning
    },
  }
}

describe('the watch over the load', () => {
  it('changes nothing while all is calm, or only for a moment not', () => {
    const { pass, changes } = start()
    pass(60)
    pass(14, { cpu: 1.5 })
    pass(1)
    pass(4, { heap: 0.95, loopDelay: 300, traffic: 5e6 })
    pass(60, { cpu: 0.7, heap: 0.8, timeouts: 3 })
    expect(changes).toEqual([])
  })

  it('samples less of a busy process, until it is well below', () => {
    const { pass, audit } = start()
    expect(pass(17, { cpu: 0.75 })).toEqual({ ...BASE, rateBound: 0.05 })
    expect(pass(60, { cpu: 0.6 })).toMatchObject({ rateBound: 0.05 })
    expect(pass(15, { cpu: 0.4 })).toMatchObject({ rateBound: 0.05 })
    expect(pass(2, { cpu: 0.4 })).toEqual(BASE)
    expect(audit.records()).toEqual([
      {
        time: 1_700_000_015_000,
        signal: 'cpu',
        value: '75 % of a core',
        action: 'sampling rate at most 5 %',
        revertedAt: 1_700_000_092_000,
      },
    ])
  })

  it('halves the rate down to a hundredth while a process is overloaded, and sends large compressed batches', () => {
    const { pass } = start()
    const rates = [16, 16, 16, 16].map((seconds) => pass(seconds, { cpu: 1 }).rateBound)
    expect(rates).toEqual([0.025, 0.0125, 0.01, 0.01])
    expect(pass(1, { cpu: 1 })).toMatchObject({ batchSize: 1024, compress: true })
    expect(pass(17)).toEqual(BASE)
  })

  it('holds less in a full heap, and sends less often', () => {
    const { pass } = start()
    const full = { intervalMs: 10_000, batchSize: 256, queueSize: 1024 }
    expect(pass(6, { heap: 0.85 })).toEqual({ ...BASE, ...full })
    expect(pass(20, { heap: 0.7 })).toEqual({ ...BASE, ...full })
    expect(pass(6, { heap: 0.5 })).toEqual(BASE)
  })

  it('compresses much telemetry', () => {
    const { pass } = start()
    expect(pass(6, { traffic: 1.2e6 })).toEqual({ ...BASE, compress: true })
    expect(pass(6, { traffic: 1e5 })).toEqual(BASE)
  })

  it('gives a service that does not answer smaller batches and more time, at once', () => {
    const { pass } = start()
    expect(pass(1, { timeouts: 4 })).toEqual({ ...BASE, timeoutMs: 60_000, batchSize: 100 })
    expect(pass(1, { timeouts: 0 })).toEqual(BASE)
  })

  it('samples nothing while the event loop is late', () => {
    const { pass } = start()
    expect(pass(6, { loopDelay: 80 })).toEqual({ ...BASE, rateBound: 0 })
    expect(pass(6)).toEqual(BASE)
  })

  it('keeps what is stricter where several are in force, and says each', () => {
    const { pass, watch, audit, lines } = start()
    expect(pass(16, { cpu: 1, heap: 0.9, timeouts: 5, loopDelay: 90 })).toEqual({
      rateBound: 0,
      batchSize: 100,
      intervalMs: 10_000,
      timeoutMs: 60_000,
      queueSize: 1024,
      compress: true,
    })
    expect(watch.inForce()).toEqual(['cpu-high', 'cpu-critical', 'heap', 'timeouts', 'loop-delay'])
    expect(audit.records()).toHaveLength(5)
    expect(lines).toContain('heap at 90 % of its limit: requests 10 s apart, batches of 256, queue of 1,024')
  })

  it('keeps the last fifty records, and lets one end that is no longer among them', () => {
    const { pass, audit } = start()
    for (let round = 0; round < 60; round++) {
      pass(1, { timeouts: 4 })
      pass(1)
    }
    expect(audit.records()).toHaveLength(50)
    expect(audit.records().every(({ revertedAt }) => revertedAt !== undefined)).toBe(true)
    audit.reverted(1, 0)
  })
})
