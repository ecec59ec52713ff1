import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { createTracedCall } from '../../src/patch/traced-call.ts'
import { recordingTracer, TEMPLATE } from '../tracing/recording-tracer.ts'

function traced(options: Parameters<typeof recordingTracer>[0] = {}) {
  const { tracer, spans, announced } = recordingTracer(options)
  const contained: unknown[] = []
  const tracedCall = createTracedCall(tracer, (error) => contained.push(error))
  const call = <T>(original: (...args: never[]) => T, name = TEMPLATE.name): T =>
    tracedCall({ ...TEMPLATE, name }, original as never, undefined, []) as T
  return { call, tracedCall, tracer, spans, contained, announced }
}

/** A promise and both ways to settle it. */
function deferred<T>() {
  let settle!: { resolve: (value: T) => void; reject: (error: unknown) => void }
  const promise = new Promise<T>((resolve, reject) => (settle = { resolve, reject }))
  return { promise, ...settle }
}

describe('a synchronous call', () => {
  it('gets its own `this` and arguments, and returns the very value', () => {
    const { tracedCall, spans } = traced()
    const self = {}
    const value = {}
    const original = vi.fn(function (this: unknown, ..._args: unknown[]) {
      return value
    })
    const args = [self, undefined, original]
    expect(tracedCall(TEMPLATE, original, self, args)).toBe(value)
    expect(original.mock.contexts).toEqual([self])
    expect(original.mock.calls).toEqual([args])
    expect(original.mock.contexts[0]).toBe(self)
    expect(spans).toHaveLength(1)
    expect(spans[0]).not.toHaveProperty('error')
  })

  it.each([new Error('broken'), 'text', undefined, null, 0, Object.freeze({})])(
    'throws the very %j',
    (thrown) => {
      const { call, spans } = traced()
      let caught: unknown = 'nothing'
      try {
        call(() => {
          throw thrown
        })
      } catch (error) {
        caught = error
      }
      expect(caught).toBe(thrown)
      expect(spans).toHaveLength(1)
      expect(spans[0]).toHaveProperty('error')
    },
  )

  it('may return what only looks like a promise, which is not touched', () => {
    const { call, spans } = traced()
    // oxlint-disable-next-line unicorn/no-thenable -- what the test is about
    const thenable = { then: vi.fn() }
    expect(call(() => thenable)).toBe(thenable)
    expect(thenable.then).not.toHaveBeenCalled()
    expect(spans).toHaveLength(1)
  })
})

describe('a call that returns a promise', () => {
  it('stays a promise that resolves to the very value; its span ends then', async () => {
    const { call, spans } = traced()
    const value = {}
    const { promise, resolve } = deferred<object>()
    const result = call(() => promise)
    expect(result).toBeInstanceOf(Promise)
    expect(spans).toEqual([])
    resolve(value)
    expect(await result).toBe(value)
    expect(spans).toHaveLength(1)
  })

  it('rejects with the very error, which the span describes', async () => {
    const { call, spans } = traced()
    const error = new RangeError('broken')
    const { promise, reject } = deferred<void>()
    const caught = call(() => promise).then(undefined, (rejected: unknown) => rejected)
    reject(error)
    expect(await caught).toBe(error)
    expect(spans).toMatchObject([{ error: { type: 'RangeError', message: 'broken' } }])
  })

  it('keeps what a library hung on its promise', async () => {
    const { call } = traced()
    const child = { pid: 1 }
    const hidden = Symbol('hidden')
    const promise = Object.assign(Promise.resolve(1), { child })
    Reflect.defineProperty(promise, hidden, { get: () => 'computed' })
    const result = call(() => promise)
    expect(result.child).toBe(child)
    expect((result as unknown as Record<symbol, unknown>)[hidden]).toBe('computed')
    await result
  })

  it('keeps its class and private state', async () => {
    class Query extends Promise<number> {
      #sql = 'select'
      sql(): string {
        return this.#sql
      }
    }
    const { call } = traced()
    const result = call(() => Query.resolve(1) as Query)
    expect(result).toBeInstanceOf(Query)
    expect(result.sql()).toBe('select')
    expect(await result).toBe(1)
  })

  it('has a derived promise with async ids of its own', async () => {
    const { call } = traced()
    const nodesOwn = (promise: object): unknown[] =>
      Reflect.ownKeys(promise)
        .filter((key) => String(key).includes('async_id_symbol'))
        .map((key) => (promise as Record<PropertyKey, unknown>)[key])
    let original: Promise<void> | undefined
    const result = call(() => (original = (async () => {})()))
    await result
    expect(result).not.toBe(original)
    const ids = nodesOwn(result)
    // Newer Node versions keep nothing on promises.
    if (ids.length > 0) expect(ids).not.toEqual(nodesOwn(original!))
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('no then')
      },
    ],
    ['returns nothing', () => undefined],
  ])('is returned itself where its own `then` %s', (_, then) => {
    const { call } = traced()
    // oxlint-disable-next-line unicorn/no-thenable -- what the test is about
    const promise = Object.assign(Promise.resolve(1), { then })
    expect(call(() => promise)).toBe(promise)
  })
})

describe('spans', () => {
  it('are parent and child over any number of calls at the same time', async () => {
    const { call, spans } = traced()
    const flow = (name: string): Promise<void> =>
      call(async () => {
        await pause(1)
        await call(async () => {
          await Promise.resolve()
          call(() => {}, `${name}.leaf`)
        }, `${name}.middle`)
        call(() => {}, `${name}.second`)
      }, name)
    await Promise.all(Array.from({ length: 20 }, (_, index) => flow(`flow${index}`)))

    const byName = new Map(spans.map((span) => [span.name, span]))
    for (let index = 0; index < 20; index++) {
      const [root, middle, leaf, second] = ['', '.middle', '.leaf', '.second'].map((part) =>
        byName.get(`flow${index}${part}`)!,
      )
      expect(root).not.toHaveProperty('parentSpanId')
      expect([middle!.parentSpanId, leaf!.parentSpanId, second!.parentSpanId]).toEqual([
        root!.spanId,
        middle!.spanId,
        root!.spanId,
      ])
      expect(new Set([root, middle, leaf, second].map((span) => span!.traceId)).size).toBe(1)
      expect(middle!.start).toBeGreaterThanOrEqual(root!.start)
      expect(middle!.end).toBeLessThanOrEqual(root!.end)
    }
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(20)
    expect(new Set(spans.map((span) => span.spanId)).size).toBe(spans.length)
  })

  it('are announced once, before the first one, and not at all for what is not sampled', () => {
    let sampled = false
    const { call, announced } = traced({ sampler: { shouldSample: () => sampled, rate: 1 } })
    call(() => {})
    expect(announced()).toBe(0)
    sampled = true
    call(() => expect(announced()).toBe(1))
    call(() => {})
    expect(announced()).toBe(1)
  })

  it('are not made while telemetry is switched off', () => {
    const { call, spans, announced } = traced({ isEnabled: () => false })
    expect(call(() => 'result')).toBe('result')
    expect([spans.length, announced()]).toEqual([0, 0])
  })

  it('that are open when the process ends, end as incomplete, children first', () => {
    const { call, tracer, spans } = traced()
    const never = new Promise<void>(() => {})
    void call(() => {
      void call(() => never, 'child')
      return never
    }, 'parent')
    tracer.endOpen({ thrown: new Error('crash') })
    expect(spans).toMatchObject([
      { name: 'child', incomplete: true, error: { message: 'crash' } },
      { name: 'parent', incomplete: true, error: { message: 'crash' } },
    ])
  })
})

describe('a root that is not sampled', () => {
  it('has no sampled descendants: not in its call, not after timers, not behind promises', async () => {
    let asked = 0
    const { call, spans } = traced({ sampler: { shouldSample: () => asked++ > 0, rate: 1 } })
    const later: Promise<unknown>[] = []
    await call(async () => {
      call(() => {})
      await Promise.resolve()
      call(() => {})
      later.push(
        new Promise<void>((resolve) => setTimeout(() => resolve(call(() => {})), 1)),
        new Promise<void>((resolve) => setImmediate(() => resolve(call(() => {})))),
        new Promise<void>((resolve) => process.nextTick(() => resolve(call(() => {})))),
        Promise.resolve().then(() => call(async () => call(() => {}))),
      )
    })
    await Promise.all(later)
    expect([asked, spans.length]).toEqual([1, 0])

    call(() => {})
    expect(spans).toHaveLength(1)
  })

  it('leaves result and error alone, and counts each failure, whether it is recorded or not', async () => {
    const onUnsampledError = vi.fn()
    const { call, spans } = traced({ sampler: { shouldSample: () => false, rate: 0 }, onUnsampledError })
    const result = {}
    expect(call(() => result)).toBe(result)
    expect(await call(async () => result)).toBe(result)
    expect(onUnsampledError).not.toHaveBeenCalled()
    const error = new Error('broken')
    expect(() =>
      call(() => {
        throw error
      }),
    ).toThrow(error)
    await expect(call(() => Promise.reject(error))).rejects.toBe(error)
    expect(onUnsampledError).toHaveBeenCalledTimes(2)
    expect(spans).toEqual([])
  })
})

describe('a failure of our own', () => {
  const broken = (): never => {
    throw new Error('ours')
  }

  it.each([
    ['the sampler', { sampler: { shouldSample: broken, rate: 1 } }],
    ['the switch', { isEnabled: broken }],
    ['the announcement', { onFirstSpan: broken }],
  ])('in %s is contained, and the original is called once', (_, options) => {
    const { call, contained } = traced(options)
    const original = vi.fn(() => 'result')
    expect(call(original)).toBe('result')
    expect(original).toHaveBeenCalledTimes(1)
    expect(contained).toHaveLength(1)
  })

  it('lets the error of the original through all the same', () => {
    const { call, contained } = traced({ isEnabled: broken })
    expect(() =>
      call(() => {
        throw new Error('theirs')
      }),
    ).toThrow('theirs')
    expect(contained).toHaveLength(1)
  })
})
