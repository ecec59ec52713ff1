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

  it.each<FailureKind>(['connection', 'timeout', 'server', 'unknown'])(
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

  it.each<FailureKind>(['throttled', 'credentials', 'rejected-data'])(
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

  it('are left for the preferred one after a minute, and after twice as long each time it still fails', async () => {
    const { first, second, clock, send } = setUp()
    first.answers.push(...Array.from({ length: 8 }, () => failure('timeout', true)))
    await send()
    const returns: number[] = []
    for (let minute = 0.5; minute < 70; minute += 0.5) {
      clock.now = minute * 60_000
      const before = first.requests.length
      await send()
      if (first.requests.length > before) returns.push(minute)
    }
    expect(returns).toEqual([1, 3, 7, 15, 31, 47, 63])
    expect(second.requests.length).toBeGreaterThan(100)
  })

  it('stay with the preferred one when it is well again', async () => {
    const { first, second, clock, failover, send } = setUp()
    first.answers.push(failure('server', true))
    await send()
    await send()
    clock.now = 60_000
    for (let round = 0; round < 3; round++) await send()
    expect([first.requests.length, second.requests.length, failover.name]).toEqual([4, 1, 'first'])
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
