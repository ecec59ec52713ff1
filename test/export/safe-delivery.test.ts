import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Delivery, SpanOutcome } from '../../src/export/delivery/delivery.ts'
import { thisOwner } from '../../src/export/journal/segment-owner.ts'
import { createSpanCounters, type SpanCounters } from '../../src/export/metrics/span-counters.ts'
import { createSafeDelivery, type SafeDeliveryOptions } from '../../src/export/safe-delivery.ts'
import type { WireSpan } from '../../src/transport/wire.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { recordingLog } from './delivery/recording-log.ts'
import { makeSpan } from './exporters/make-span.ts'
import { openTestJournal } from './journal/open-test-journal.ts'

let folder: string
beforeEach(() => {
  folder = tempFolder()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const spansOf = (count: number): WireSpan[] => Array.from({ length: count }, () => makeSpan())

/** A delivery that sends when the test says so. */
function scriptedDelivery(
  counters: SpanCounters,
  settled: (spans: readonly WireSpan[], outcome: SpanOutcome) => void,
) {
  const waiting: WireSpan[] = []
  let drained = (): void => {}
  const delivery: Delivery = {
    add: (span) => void waiting.push(span),
    drain: () => new Promise<void>((resolve) => (drained = resolve)),
    discard: (reason) => {
      counters.dropped(reason, waiting.length)
      settled(waiting.splice(0), reason)
    },
    get waiting() {
      return waiting.length
    },
  }
  return {
    delivery,
    waiting,
    send: (count: number) => settled(waiting.splice(0, count), 'delivered'),
    drained: () => drained(),
  }
}

function setUp(options: Partial<SafeDeliveryOptions> = {}, withJournal = true) {
  const { journal } = openTestJournal(folder)
  let scripted: ReturnType<typeof scriptedDelivery> | undefined
  const counters = createSpanCounters()
  let settled = 0
  let journaled = 0
  const safe = createSafeDelivery({
    journal: withJournal ? journal : undefined,
    open: (onSettled) => (scripted = scriptedDelivery(counters, onSettled)).delivery,
    batchSize: 2,
    adoptEveryMs: 60_000,
    adoptAtOnce: true,
    isFailing: () => false,
    mayBegin: () => true,
    counters,
    onSettled: (count) => void (settled += count),
    onJournaled: (count) => void (journaled = count),
    log: recordingLog().log,
    ...options,
  })
  return {
    safe,
    journal,
    ...scripted!,
    counters,
    settled: () => settled,
    journaled: () => journaled,
    drops: () => Object.fromEntries([...counters.droppedTotals].filter(([, count]) => count !== 0)),
  }
}

/** What a process that died has recorded. */
function leave(count: number): WireSpan[] {
  const spans = spansOf(count)
  openTestJournal(folder, {
    owner: { ...thisOwner('0000dead', 0), pid: 4_000_000_000 },
  }).journal.record(spans)
  return spans
}

const soon = (): number => performance.now() + 50

describe('a delivery with a journal', () => {
  it('has spans on disk while they wait, and not longer', () => {
    const { safe, send, settled, journaled } = setUp()
    safe.add(spansOf(3))
    expect(journaled()).toBe(3)
    send(2)
    expect([journaled(), settled()]).toEqual([1, 2])
  })

  it('keeps on disk alone what memory has no room for, and takes it back as it empties', async () => {
    const { safe, send, waiting, settled, journaled } = setUp()
    const spans = spansOf(100)
    safe.add(spans)
    expect(waiting).toHaveLength(40)
    expect(journaled()).toBe(100)
    for (let round = 0; round < 200 && waiting.length > 0; round++) {
      send(2)
      await Promise.resolve()
    }
    expect([settled(), journaled()]).toEqual([100, 0])
  })

  it('adds a batch of what dead processes have left, and does not count it as its own', async () => {
    const left = leave(3)
    const { waiting, send, settled } = setUp()
    await vi.waitUntil(() => waiting.length > 0, { timeout: 10_000 })
    expect(waiting.map(({ spanId }) => spanId)).toEqual(left.slice(0, 2).map(({ spanId }) => spanId))
    send(2)
    expect(settled()).toBe(0)
  })

  it('adds it at the end of a short process, behind its own', async () => {
    leave(3)
    const { safe, waiting, send, drained } = setUp()
    safe.add(spansOf(1))
    const finished = safe.finish(performance.now() + 60_000)
    send(1)
    drained()
    await vi.waitUntil(() => waiting.length === 2)
    drained()
    await finished
  })

  it('does not press a service that fails with what others have left', async () => {
    leave(3)
    const { safe, waiting } = setUp({ isFailing: () => true })
    await safe.finish(soon())
    expect(waiting).toEqual([])
  })

  it('leaves what others have left to a request that may be made', async () => {
    leave(3)
    const { safe, waiting, drained } = setUp({ adoptAtOnce: false })
    expect(waiting).toEqual([])
    const finished = safe.finish(soon())
    expect(waiting).toHaveLength(2)
    drained()
    await finished
  })
})

describe('the end of a process', () => {
  it('waits for the delivery, until it is late', async () => {
    const { safe, journaled, settled, drops } = setUp()
    safe.add(spansOf(2))
    await safe.finish(soon())
    expect([journaled(), settled(), drops()]).toEqual([2, 0, {}])
  })

  it('does not wait where deliveries fail for good', async () => {
    const { safe, delivery } = setUp({ isFailing: () => true })
    const drain = vi.spyOn(delivery, 'drain')
    safe.add(spansOf(1))
    await safe.finish(Number.POSITIVE_INFINITY)
    expect(drain).not.toHaveBeenCalled()
  })

  it.each([true, false])('takes what others left only where a request may begin: %s', async (may) => {
    leave(2)
    const { safe, waiting, delivery } = setUp({ adoptAtOnce: false, mayBegin: () => may })
    const drain = vi.spyOn(delivery, 'drain')
    await safe.finish(soon())
    expect(waiting).toHaveLength(may ? 2 : 0)
    // What is under way is waited for in any case.
    expect(drain).toHaveBeenCalled()
  })

  it('counts what is not on disk, because the disk failed', async () => {
    writeFileSync(join(folder, 'journal'), 'a file stands here')
    const { safe, drops, journaled } = setUp()
    safe.add(spansOf(2))
    await safe.finish(soon())
    expect([drops(), journaled()]).toEqual([{ undelivered_at_exit: 2 }, 0])
  })
})

describe('telemetry that is switched off at run time', () => {
  it('drops what this process has recorded, in memory and on disk, and nothing of others', async () => {
    leave(2)
    const { safe, settled, journaled, drops, waiting, journal } = setUp()
    await vi.waitUntil(() => waiting.length > 0, { timeout: 10_000 })
    safe.add(spansOf(100))
    safe.discard('switched_off')
    expect(waiting).toEqual([])
    expect([settled(), journaled(), drops()]).toEqual([100, 0, { switched_off: 100 }])
    journal.close()
    expect(journal.takeAdopted(10)).toHaveLength(2)
  })
})
