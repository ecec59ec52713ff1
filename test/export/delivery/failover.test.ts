import { describe, expect, it } from 'vitest'
import { createFailover } from '../../../src/export/delivery/failover.ts'
import type { FailureKind } from '../../../src/export/exporters/exporter.ts'
import { ACCEPTED, failure, scriptedExporter } from './scripted-exporter.ts'

function setUp() {
  const [first, second, third] = [
    scriptedExporter('first'),
    scriptedExporter('second'),
    scriptedExporter('third'),
  ]
  const clock = { now: 0 }
  const failover = createFailover([first, second, third], () => clock.now)
  return { first, second, third, clock, failover, send: () => failover.send([], 1000) }
}

describe('several endpoints', () => {
  it('are used from the first on, which gets everything while it works', async () => {
    const { first, second, failover, send } = setUp()
    for (let round = 0; round < 3; round++) expect(await send()).toBe(ACCEPTED)
    expect([first.requests.length, second.requests.length, failover.name]).toEqual([3, 0, 'first'])
    expect(first.timeouts).toEqual([1000, 1000, 1000])
  })

  it.each<FailureKind>(['connection', 'timeout', 'server'])(
    'are changed after a failure of kind %s',
    async (kind) => {
      const { first, second, failover, send } = setUp()
      const failed = failure(kind, true)
      first.answers.push(failed)
      expect(await send()).toBe(failed)
      expect(failover.name).toBe('second')
      await send()
      expect([first.requests.length, second.requests.length]).toEqual([1, 1])
    },
  )

  it.each<FailureKind>(['throttled', 'credentials', 'rejected-data', 'unknown'])(
    'are not changed after a failure of kind %s, which another would have too',
    async (kind) => {
      const { first, failover, send } = setUp()
      first.answers.push(failure(kind, false))
      await send()
      expect(failover.name).toBe('first')
    },
  )

  it('are tried one after the other, then from the first again', async () => {
    const { first, second, third, failover, send } = setUp()
    for (const exporter of [first, second, third]) exporter.answers.push(failure('connection', true))
    await send()
    await send()
    await send()
    expect([second.requests.length, third.requests.length, failover.name]).toEqual([1, 1, 'first'])
  })

  it('are left for the preferred one after a minute, also where it fails again', async () => {
    const { first, second, clock, send } = setUp()
    first.answers.push(failure('server', true), failure('server', true))
    await send()
    clock.now = 59_999
    await send()
    expect([first.requests.length, second.requests.length]).toEqual([1, 1])
    clock.now = 60_000
    await send()
    expect(first.requests).toHaveLength(2)
    clock.now = 119_999
    await send()
    expect(second.requests).toHaveLength(2)
    clock.now = 120_000
    await send()
    expect(first.requests).toHaveLength(3)
  })

  it('are all closed', async () => {
    const { first, second, third, failover } = setUp()
    await failover.close()
    expect([first.closed, second.closed, third.closed]).toEqual([1, 1, 1])
  })
})

it('is nothing of its own with one endpoint', () => {
  const only = scriptedExporter()
  expect(createFailover([only], () => 0)).toBe(only)
})
