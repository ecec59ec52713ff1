import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  createDelivery,
  type DeliveryOptions,
  type SpanOutcome,
} from '../../../src/export/delivery/delivery.ts'
import type { ExportOutcome } from '../../../src/export/exporters/exporter.ts'
import { createSpanCounters } from '../../../src/export/metrics/span-counters.ts'
import type { WireSpan } from '../../../src/transport/wire.ts'
import { spanOf } from '../privacy/span-of.ts'
import { recordingLog } from './recording-log.ts'
import { ACCEPTED, failure, type ScriptedExporter, scriptedExporter } from './scripted-exporter.ts'

beforeEach(() => {
  vi.useFakeTimers()
  // The largest pause there can be.
  vi.spyOn(Math, 'random').mockReturnValue(1)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

function setUp(options: Partial<DeliveryOptions> = {}) {
  const exporter = scriptedExporter()
  const counters = createSpanCounters()
  const { log, lines } = recordingLog()
  const outcomes = new Map<WireSpan, SpanOutcome>()
  const circuit: string[] = []
  const delivery = createDelivery({
    exporter,
    batchSize: 3,
    intervalMs: 5000,
    timeoutMs: 30_000,
    counters,
    log,
    onSettled: (spans, outcome) => {
      for (const span of spans) {
        expect(outcomes.has(span), 'settled before').toBe(false)
        outcomes.set(span, outcome)
      }
    },
    advice: () => 'Do this.',
    exitTimeoutMs: 2000,
    repair: (span) => ({ ...span, name: `${span.name} repaired` }),
    onCircuit: (state) => circuit.push(state.state),
    ...options,
  })
  const add = (...names: string[]): WireSpan[] =>
    names.map((name) => {
      const span = spanOf({ name })
      delivery.add(span)
      return span
    })
  return {
    ...exporter,
    exporter,
    lines,
    delivery,
    add,
    counters,
    outcomes,
    circuit,
    settled: () => outcomes.size,
    drops: () => Object.fromEntries(counters.droppedTotals),
    warnings: () => lines.filter((line) => line.startsWith('warn')),
  }
}

const passes = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds)

/** An answer that the test gives later. */
function later() {
  let answer!: (outcome: ExportOutcome) => void
  const promise = new Promise<ExportOutcome>((resolve) => (answer = resolve))
  return { promise, answer }
}

describe('a batch', () => {
  it('is sent as soon as it is full', async () => {
    const { add, requests, timeouts, counters, settled } = setUp()
    add('a', 'b')
    expect(requests).toEqual([])
    add('c')
    expect(requests).toEqual([['a', 'b', 'c']])
    await passes(0)
    expect([counters.deliveredTotal, settled(), timeouts]).toEqual([3, 3, [30_000]])
  })

  it('is sent when its first span has waited long enough', async () => {
    const { add, requests } = setUp()
    add('a')
    await passes(4000)
    add('b')
    await passes(999)
    expect(requests).toEqual([])
    await passes(1)
    expect(requests).toEqual([['a', 'b']])
  })

  it('waits for the answer to the one before', async () => {
    const { add, requests, answers } = setUp()
    const first = later()
    answers.push(first.promise)
    add('a', 'b', 'c', 'd', 'e', 'f', 'g')
    await passes(20_000)
    expect(requests).toEqual([['a', 'b', 'c']])
    first.answer(ACCEPTED)
    await passes(0)
    expect(requests).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
    ])
    await passes(5000)
    expect(requests).toHaveLength(3)
  })

  it('leaves no timer behind when nothing waits', async () => {
    const { add } = setUp()
    add('a', 'b', 'c')
    await passes(0)
    expect(vi.getTimerCount()).toBe(0)
    add('a')
    await passes(5000)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a request that failed for now', () => {
  it('is tried again, in order, after pauses that grow', async () => {
    const { add, requests, answers, counters, drops } = setUp()
    const unavailable = failure('server', true)
    answers.push(unavailable, unavailable, unavailable)
    add('a', 'b', 'c')
    for (const pause of [1000, 2000, 4000]) {
      const before = requests.length
      await passes(pause - 1)
      expect(requests).toHaveLength(before)
      await passes(1)
      expect(requests).toHaveLength(before + 1)
    }
    expect(new Set(requests.map(String))).toEqual(new Set(['a,b,c']))
    expect([counters.deliveredTotal, drops()]).toEqual([3, {}])
  })

  it('is not pressed by more spans, and the pauses begin anew after a success', async () => {
    const { add, requests, answers } = setUp()
    const unavailable = failure('server', true)
    answers.push(unavailable, ACCEPTED, ACCEPTED, unavailable)
    add('a', 'b', 'c')
    await passes(0)
    add('d', 'e', 'f', 'g')
    await passes(999)
    expect(requests).toHaveLength(1)
    await passes(1)
    expect(requests.slice(1)).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
    ])
    add('h', 'i')
    await passes(999)
    expect(requests).toHaveLength(4)
    await passes(1)
    expect(requests).toHaveLength(5)
  })

  it('waits as long as the service asks, whatever else is due', async () => {
    const { add, requests, answers } = setUp()
    const answer = later()
    answers.push(answer.promise)
    add('a', 'b', 'c')
    await passes(100)
    add('d')
    answer.answer(failure('throttled', true, { retryAfterMs: 30_000 }))
    await passes(1)
    add('e')
    await passes(29_998)
    expect(requests).toHaveLength(1)
    await passes(1)
    expect(requests).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ])
  })

  it('does not wait less than its own pause where the service asks for less', async () => {
    const { add, requests, answers } = setUp()
    answers.push(failure('throttled', true, { retryAfterMs: 1 }))
    add('a', 'b', 'c')
    await passes(999)
    expect(requests).toHaveLength(1)
    await passes(1)
    expect(requests).toHaveLength(2)
  })
})

describe('spans that were refused', () => {
  /** Answers as a service does that refuses a whole request for one span. */
  const refusing =
    (...names: string[]) =>
    (exporter: ScriptedExporter): void => {
      const send = exporter.send
      exporter.send = (spans, timeoutMs) => {
        if (spans.some(({ name }) => names.includes(name))) {
          exporter.answers.unshift(failure('rejected-data', false))
        }
        return send.call(exporter, spans, timeoutMs)
      }
    }

  it('are found by halving the batch, tried once more as repaired, and their neighbours are delivered', async () => {
    const { add, requests, outcomes, exporter } = setUp({ batchSize: 8 })
    refusing('d')(exporter)
    const spans = add('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h')
    await passes(0)
    expect(requests.map((request) => request.join(''))).toEqual([
      'abcdefgh',
      'abcd',
      'ab',
      'cd',
      'c',
      'd',
      'd repaired',
      'efgh',
    ])
    expect([...outcomes.values()]).toEqual(Array(8).fill('delivered'))
    expect(new Set(outcomes.keys())).toEqual(new Set(spans))
  })

  it('are dropped and counted when the repaired ones are refused too, and the next ones are sent', async () => {
    const { add, requests, counters, outcomes, drops, warnings, exporter } = setUp()
    refusing('b', 'b repaired')(exporter)
    const [, b] = add('a', 'b', 'c', 'd')
    await passes(5000)
    expect(requests.at(-1)).toEqual(['d'])
    expect([counters.deliveredTotal, drops()]).toEqual([3, { rejected: 1 }])
    expect(outcomes.get(b!)).toBe('rejected')
    expect(warnings()).toEqual([
      'warn: 1 spans not accepted by scripted, they are dropped (rejected-data): the service said rejected-data. Do this.',
    ])
  })

  it('are dropped at once where there is no way to repair them', async () => {
    const { add, requests, drops, exporter } = setUp({ repair: () => undefined })
    refusing('b')(exporter)
    add('a', 'b', 'c')
    await passes(0)
    expect(requests.map(String)).toEqual(['a,b,c', 'a,b', 'a', 'b', 'c'])
    expect(drops()).toEqual({ rejected: 1 })
  })

  it('wait as the others do when the service fails while the guilty one is looked for', async () => {
    const { add, requests, answers, counters, drops } = setUp()
    answers.push(failure('rejected-data', false), failure('server', true))
    add('a', 'b', 'c')
    await passes(999)
    expect(requests.map(String)).toEqual(['a,b,c', 'a,b'])
    await passes(1)
    expect(requests.map(String)).toEqual(['a,b,c', 'a,b', 'a,b', 'c'])
    expect([counters.deliveredTotal, drops()]).toEqual([3, {}])
  })

  it('one by one, within a request that was accepted, are counted and reported', async () => {
    const { add, answers, counters, drops, settled, warnings } = setUp()
    answers.push({ status: 'accepted', rejected: { count: 2, message: 'too old' } })
    add('a', 'b', 'c')
    await passes(0)
    expect([counters.deliveredTotal, drops(), settled()]).toEqual([1, { rejected: 2 }, 3])
    expect(warnings()).toEqual([
      'warn: 2 spans not accepted by scripted, they are dropped (rejected-data): too old. Do this.',
    ])
  })

  it('by an exporter that throws, are no reason to stop', async () => {
    const { add, exporter, drops, settled } = setUp()
    const send = exporter.send
    exporter.send = (spans, timeoutMs) =>
      spans.some(({ name }) => name.startsWith('b'))
        ? Promise.reject(new Error('a mistake'))
        : send.call(exporter, spans, timeoutMs)
    add('a', 'b', 'c', 'd', 'e', 'f')
    await passes(0)
    expect([drops(), settled()]).toEqual([{ rejected: 1 }, 6])
  })
})

describe('a circuit', () => {
  it('opens when more than 5 connections have failed, says so once, and closes with the next success', async () => {
    const { add, answers, circuit, warnings, lines, counters } = setUp()
    answers.push(...Array.from({ length: 8 }, () => failure('connection', true)))
    add('a', 'b', 'c')
    await passes(15_000)
    expect(circuit).toEqual([])
    await passes(16_000)
    expect(circuit).toEqual(['open'])
    await passes(60_000)
    await passes(60_000)
    expect(circuit).toEqual(['open', 'closed'])
    expect(counters.deliveredTotal).toBe(3)
    expect(warnings()).toEqual([
      'warn: 3 spans not accepted by scripted, they are tried again (connection): the service said connection. Do this.',
      expect.stringMatching(
        /^warn: nothing was delivered since 6 requests failed \(connection\): the service said connection\. Until a request succeeds.* Do this\.$/,
      ),
    ])
    expect(lines.filter((line) => line.startsWith('info'))).toHaveLength(1)
  })

  it('does not hammer a service that refuses everything: one span more after each pause', async () => {
    const { add, requests, answers, circuit, drops } = setUp({ batchSize: 512 })
    answers.push(...Array.from({ length: 1000 }, () => failure('rejected-data', false)))
    add(...Array.from({ length: 512 }, (_, index) => `span ${index}`))
    await passes(0)
    expect([requests.length, circuit]).toEqual([21, ['open']])
    await passes(60_000)
    expect(requests.length).toBeLessThan(30)
    expect(drops()['rejected']).toBeLessThan(15)
  })
})

it('hands back the very spans that were added, each with what became of it', async () => {
  const { add, answers, outcomes, delivery } = setUp()
  answers.push({ status: 'accepted', rejected: { count: 1, message: 'too old' } })
  answers.push(...Array.from({ length: 8 }, () => failure('rejected-data', false)))
  const [a, b, c, d, e, f, g] = add('a', 'b', 'c', 'd', 'e', 'f', 'g')
  await passes(0)
  delivery.discard('switched_off')
  expect([...outcomes]).toEqual([
    [a, 'delivered'],
    [b, 'delivered'],
    [c, 'rejected'],
    [d, 'rejected'],
    [e, 'rejected'],
    [f, 'rejected'],
    [g, 'switched_off'],
  ])
  expect([...outcomes.keys()][0]).toBe(a)
})

describe('the backlog', () => {
  it('has a bound; what is beyond it is counted', async () => {
    const { add, answers, drops, settled } = setUp()
    answers.push(later().promise)
    add(...Array.from({ length: 200 }, (_, index) => `span ${index}`))
    expect([drops(), settled()]).toEqual([{ export_backlog: 200 - 40 * 3 }, 80])
  })
})

describe('draining', () => {
  it('has nothing to do where nothing waits', async () => {
    await setUp().delivery.drain()
  })

  it('sends everything at once and settles when all is answered', async () => {
    const { add, delivery, requests, answers, settled } = setUp()
    const first = later()
    answers.push(first.promise)
    add('a', 'b', 'c', 'd', 'e')
    let drained = false
    const draining = delivery.drain().then(() => {
      drained = true
    })
    await passes(10_000)
    expect(drained).toBe(false)
    first.answer(ACCEPTED)
    await draining
    expect(requests).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ])
    expect([settled(), vi.getTimerCount()]).toEqual([5, 0])
  })

  it('ends a pause, and tries again soon rather than late', async () => {
    const { add, delivery, requests, answers } = setUp()
    const unavailable = failure('server', true)
    answers.push(unavailable, unavailable, unavailable)
    add('a', 'b', 'c')
    await passes(0)
    const draining = delivery.drain()
    expect(requests).toHaveLength(2)
    await passes(200)
    await draining
    expect(requests).toHaveLength(4)
  })

  it('settles for everybody who asked', async () => {
    const { add, delivery } = setUp()
    add('a')
    await Promise.all([delivery.drain(), delivery.drain()])
  })

  it('sends what comes afterwards without waiting for company', async () => {
    const { add, delivery, requests } = setUp()
    await delivery.drain()
    add('late')
    expect(requests).toEqual([['late']])
  })
})

describe('discarding', () => {
  it('drops and counts what waits, and leaves no timer', async () => {
    const { add, delivery, requests, drops, settled } = setUp()
    add('a', 'b')
    delivery.discard('switched_off')
    await passes(60_000)
    expect([requests, drops(), settled(), vi.getTimerCount()]).toEqual([[], { switched_off: 2 }, 2, 0])
    delivery.discard('switched_off')
    expect(drops()).toEqual({ switched_off: 2 })
  })

  it('does not try again what was on its way', async () => {
    const { add, delivery, requests, answers, drops, settled } = setUp()
    const answer = later()
    answers.push(answer.promise)
    add('a', 'b', 'c')
    delivery.discard('switched_off')
    answer.answer(failure('server', true))
    await passes(60_000)
    expect([requests.length, drops(), settled()]).toEqual([1, { switched_off: 3 }, 3])
  })

  it('counts as delivered what was on its way and arrived', async () => {
    const { add, delivery, answers, counters, drops } = setUp()
    const answer = later()
    answers.push(answer.promise)
    add('a', 'b', 'c', 'd')
    delivery.discard('switched_off')
    answer.answer(ACCEPTED)
    await passes(0)
    expect([counters.deliveredTotal, drops()]).toEqual([3, { switched_off: 1 }])
  })

  it('settles whoever waits for everything to be sent', async () => {
    const { add, delivery, answers } = setUp()
    answers.push(failure('server', true), failure('server', true))
    add('a')
    const draining = delivery.drain()
    await passes(0)
    delivery.discard('switched_off')
    await draining
  })

  it('does not end delivery: what comes later is sent', async () => {
    const { add, delivery, requests } = setUp()
    add('a')
    delivery.discard('switched_off')
    add('b')
    await passes(5000)
    expect(requests).toEqual([['b']])
  })
})

describe('draining while the service does not answer well', () => {
  it('settles when one probe more has failed, and keeps the spans', async () => {
    const { add, delivery, answers, circuit, settled, requests } = setUp()
    answers.push(...Array.from({ length: 8 }, () => failure('timeout', true)))
    add('a', 'b', 'c')
    await passes(8000)
    expect([circuit, requests.length]).toEqual([['open'], 4])
    await delivery.drain()
    expect([requests.length, settled(), delivery.waiting]).toEqual([5, 0, 3])
  })

  it('does not wait for a pause that is longer than the end of the process may take', async () => {
    const { add, delivery, answers, requests } = setUp()
    answers.push(failure('throttled', true, { retryAfterMs: 2001 }))
    add('a')
    await delivery.drain()
    expect(delivery.waiting).toBe(1)
    await passes(2000)
    expect(requests).toHaveLength(1)
    await passes(1)
    expect(requests).toHaveLength(2)
  })

  it('obeys a pause that the time at the end allows', async () => {
    const { add, delivery, answers, requests } = setUp()
    answers.push(failure('throttled', true, { retryAfterMs: 1500 }))
    add('a')
    const draining = delivery.drain()
    await passes(1499)
    expect(requests).toHaveLength(1)
    await passes(1)
    await draining
    expect([requests.length, delivery.waiting]).toEqual([2, 0])
  })

  it('settles when everything is refused', async () => {
    const { add, delivery, answers } = setUp()
    answers.push(...Array.from({ length: 1000 }, () => failure('rejected-data', false)))
    add(...Array.from({ length: 60 }, (_, index) => `span ${index}`))
    await delivery.drain()
    expect(delivery.waiting).toBeGreaterThan(0)
  })
})

describe('the log', () => {
  it('says once a minute and kind what went wrong and what to do', async () => {
    const { add, answers, warnings } = setUp()
    const unavailable = failure('server', true)
    answers.push(unavailable, unavailable, failure('throttled', true), unavailable)
    add('a', 'b', 'c')
    await passes(15_000)
    expect(warnings()).toEqual([
      'warn: 3 spans not accepted by scripted, they are tried again (server): the service said server. Do this.',
      'warn: 3 spans not accepted by scripted, they are tried again (throttled): the service said throttled. Do this.',
    ])
    await passes(60_000)
    answers.push(failure('server', false))
    add('d', 'e', 'f')
    await passes(0)
    expect(warnings()).toHaveLength(3)
  })
})
