import { describe, expect, it } from 'vitest'
import { type CircuitState, createCircuit } from '../../../src/export/delivery/circuit.ts'
import type { FailureKind } from '../../../src/export/exporters/exporter.ts'
import { ACCEPTED, failure } from './scripted-exporter.ts'

function setUp() {
  const states: CircuitState[] = []
  const circuit = createCircuit((state) => states.push(state))
  const succeed = () => circuit.request(async () => ACCEPTED)
  const fail = async (kind: FailureKind, times = 1): Promise<void> => {
    for (let time = 0; time < times; time++) await circuit.request(async () => failure(kind, true))
  }
  return { circuit, states, succeed, fail }
}

describe('a circuit', () => {
  it.each([
    ['connection', 5],
    ['timeout', 3],
    ['rejected-data', 20],
    ['server', 10],
    ['throttled', 10],
    ['credentials', 10],
    ['unknown', 10],
  ] as const)('opens after %s more than %i times', async (kind, most) => {
    const { circuit, states, fail } = setUp()
    await fail(kind, most)
    expect([circuit.isOpen, states]).toEqual([false, []])
    await fail(kind)
    expect(circuit.isOpen).toBe(true)
    expect(states).toEqual([{ state: 'open', cause: failure(kind, true), failures: most + 1 }])
  })

  it('counts each class by itself', async () => {
    const { states, fail } = setUp()
    await fail('connection', 5)
    await fail('timeout', 3)
    await fail('rejected-data', 20)
    await fail('server', 5)
    await fail('throttled', 5)
    expect(states).toEqual([])
    await fail('credentials')
    expect(states).toHaveLength(1)
  })

  it('forgets all of them with a success', async () => {
    const { states, fail, succeed } = setUp()
    for (let round = 0; round < 5; round++) {
      await fail('connection', 5)
      await fail('timeout', 3)
      await succeed()
    }
    expect(states).toEqual([])
  })

  it('lets probes through while it is open, and closes with the first that succeeds', async () => {
    const { circuit, states, fail, succeed } = setUp()
    await fail('timeout', 50)
    expect(states).toHaveLength(1)
    expect(await succeed()).toBe(ACCEPTED)
    expect([circuit.isOpen, states.at(-1)]).toEqual([false, { state: 'closed' }])
    await fail('timeout', 3)
    expect(circuit.isOpen).toBe(false)
    await fail('timeout')
    expect(circuit.isOpen).toBe(true)
  })
})
