// oxlint-disable unicorn/no-thenable -- that is what is tested
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createTracedCall } from '../../src/patch/traced-call.ts'
import { recordingTracer, TEMPLATE } from '../tracing/recording-tracer.ts'

function traced<R>(original: (...args: never[]) => R) {
  const { tracer, spans } = recordingTracer()
  const tracedCall = createTracedCall(tracer, (error) => {
    throw error
  })
  const call = (...args: unknown[]) =>
    tracedCall(TEMPLATE, original as unknown as (...args: unknown[]) => unknown, undefined, args) as R
  return { call, spans, tracer }
}

describe('a generator', () => {
  function* count(to: number): Generator<number, string, number | undefined> {
    let sum = 0
    for (let at = 1; at <= to; at++) sum += (yield at) ?? 0
    return `sum ${sum}`
  }

  it('gives the same values, takes the same, and ends its span when it is exhausted', () => {
    const { call, spans } = traced(count)
    const generator = call(2)
    expect(spans).toHaveLength(0)
    expect([generator.next(), generator.next(5), generator.next(6)]).toEqual([
      { value: 1, done: false },
      { value: 2, done: false },
      { value: 'sum 11', done: true },
    ])
    expect(spans).toHaveLength(1)
    expect(spans[0]?.error).toBeUndefined()
  })

  it('looks like the one of the application', () => {
    const { call } = traced(count)
    const generator = call(2)
    expect(generator).toBeInstanceOf(count)
    expect(Object.prototype.toString.call(generator)).toBe('[object Generator]')
    expect(Reflect.ownKeys(generator)).toEqual([])
    expect(generator[Symbol.iterator]()).toBe(generator)
    expect([generator.next.name, generator.next.length, generator.return.name]).toEqual(['next', 1, 'return'])
    expect([...call(3)]).toEqual([1, 2, 3])
  })

  it('ends its span at break, and runs its own finally', () => {
    const order: string[] = []
    const { call, spans } = traced(function* () {
      try {
        yield 1
        yield 2
      } finally {
        order.push('finally')
      }
    })
    for (const value of call()) {
      order.push(`got ${value}`)
      break
    }
    expect(order).toEqual(['got 1', 'finally'])
    expect(spans).toHaveLength(1)
  })

  it('fails its span with what a step throws, which passes through', () => {
    const failure = new RangeError('third')
    const { call, spans } = traced(function* () {
      yield 1
      throw failure
    })
    const generator = call()
    generator.next()
    expect(() => generator.next()).toThrow(failure)
    expect(spans[0]?.error).toMatchObject({ type: 'RangeError' })
  })

  it('runs each step in the context of its span, whoever asks for it', () => {
    const inside: unknown[] = []
    const { call, tracer } = traced(function* () {
      inside.push(tracer.parent())
      yield 1
      inside.push(tracer.parent())
    })
    const generator = call()
    expect(tracer.parent()).toBeUndefined()
    tracer.runUnsampled(() => [...generator])
    expect(inside[0]).toBe(inside[1])
    expect(inside[0]).toHaveProperty('traceId')
  })
})

describe('an async generator', () => {
  async function* words(...list: string[]): AsyncGenerator<string> {
    for (const word of list) {
      await Promise.resolve()
      if (word === 'bad') throw new TypeError('a bad word')
      yield word
    }
  }

  it('ends its span when it is exhausted', async () => {
    const { call, spans } = traced(words)
    const got: string[] = []
    for await (const word of call('a', 'b')) got.push(word)
    expect(got).toEqual(['a', 'b'])
    expect(spans).toHaveLength(1)
  })

  it('fails its span with what it rejects with', async () => {
    const { call, spans } = traced(words)
    const generator = call('a', 'bad')
    await generator.next()
    await expect(generator.next()).rejects.toThrow('a bad word')
    expect(spans[0]?.error).toMatchObject({ type: 'TypeError' })
  })
})

describe('a thenable that is no promise', () => {
  class Query {
    asked = 0
    readonly #result: Promise<string>
    constructor(result: Promise<string>) {
      this.#result = result
    }
    then<T>(onFulfilled?: (value: string) => T, onRejected?: (error: unknown) => T): Promise<T> {
      this.asked++
      return this.#result.then(onFulfilled as (value: string) => T, onRejected)
    }
  }

  it('is handed on itself, never asked, and ends its span when somebody has waited for it', async () => {
    const query = new Query(Promise.resolve('rows'))
    const { call, spans } = traced(() => query)
    expect(call()).toBe(query)
    expect(query.asked).toBe(0)
    expect(spans).toHaveLength(0)
    expect(await query).toBe('rows')
    expect(query.asked).toBe(1)
    expect(Object.hasOwn(query, 'then')).toBe(false)
    expect(spans).toHaveLength(1)
  })

  it('fails its span, and the one who waits gets the error', async () => {
    const failure = new Error('no rows')
    const { call, spans } = traced(() => new Query(Promise.reject(failure)))
    await expect(async () => call()).rejects.toBe(failure)
    expect(spans[0]?.error).toMatchObject({ message: 'no rows' })
  })

  it('is left alone when it is frozen', async () => {
    const query = Object.freeze(new Query(Promise.resolve('rows')))
    const { call, spans } = traced(() => query)
    expect(call()).toBe(query)
    expect(spans).toHaveLength(1)
  })
})

describe('a stream', () => {
  it('ends its span when it has closed', async () => {
    const { call, spans } = traced(() => Readable.from(['a', 'b']))
    const chunks: unknown[] = []
    for await (const chunk of call()) {
      expect(spans).toHaveLength(0)
      chunks.push(chunk)
    }
    expect(chunks).toEqual(['a', 'b'])
    expect(spans).toHaveLength(1)
  })

  it('fails its span, and an error that nobody handles stays unhandled', () => {
    const stream = new Readable({ read: () => {} })
    const { call, spans } = traced(() => stream)
    call()
    expect(() => stream.emit('error', new Error('torn'))).toThrow('torn')
    expect(spans[0]?.error).toMatchObject({ message: 'torn' })
  })
})

describe('anything else', () => {
  it.each([[undefined], [null], [42], ['text'], [{ next: 1 }], [[1, 2]], [() => 1]])(
    'ends its span at once: %j',
    (value) => {
      const { call, spans } = traced(() => value)
      expect(call()).toBe(value)
      expect(spans).toHaveLength(1)
    },
  )

  it('may have getters that throw', () => {
    const { tracer, spans } = recordingTracer()
    const contained: unknown[] = []
    const tracedCall = createTracedCall(tracer, (error) => contained.push(error))
    const trap = {
      get then() {
        throw new Error('do not look')
      },
    }
    expect(tracedCall(TEMPLATE, () => trap, undefined, [])).toBe(trap)
    expect(spans).toHaveLength(1)
    expect(contained).toHaveLength(1)
  })
})

describe('an iterator written by hand', () => {
  function counter(to: number, failsAt = 0) {
    let at = 0
    return {
      next() {
        if (++at === failsAt) throw new RangeError('too far')
        return at > to ? { value: undefined, done: true } : { value: at, done: false }
      },
      return(value?: unknown) {
        return { value, done: true }
      },
      [Symbol.iterator]() {
        return this
      },
    }
  }

  it.each([
    ['is exhausted', (iterator: Iterable<number>) => [...iterator], undefined, 2, 0],
    [
      'is left early',
      (iterator: Iterable<number>) => {
        for (const _ of iterator) break
      },
      undefined,
      2,
      0,
    ],
    [
      'fails',
      (iterator: Iterable<number>) => {
        try {
          return [...iterator]
        } catch {
          return []
        }
      },
      'RangeError',
      2,
      2,
    ],
  ] as const)('ends its span when it %s, and is then what it was', (_how, use, error, to, failsAt) => {
    const { call, spans } = traced(counter)
    const iterator = call(to, failsAt)
    const keys = Reflect.ownKeys(counter(to))
    expect(Reflect.ownKeys(iterator)).toEqual(keys)
    expect(spans).toHaveLength(0)
    use(iterator as Iterable<number>)
    expect(spans).toHaveLength(1)
    expect(spans[0]?.error?.type).toBe(error)
    expect(Reflect.ownKeys(iterator)).toEqual(keys)
  })

  it('is followed through its promises, and each step runs in the context of the call', async () => {
    const seen: unknown[] = []
    class Feed {
      #left = 2
      async next(): Promise<IteratorResult<number>> {
        seen.push(tracer.parent())
        return this.#left-- > 0 ? { value: this.#left, done: false } : { value: undefined, done: true }
      }
      [Symbol.asyncIterator](): this {
        return this
      }
    }
    const { call, spans, tracer } = traced(() => new Feed())
    const values: number[] = []
    for await (const value of call()) values.push(value)
    expect(values).toEqual([1, 0])
    expect(spans).toHaveLength(1)
    expect(seen).toEqual([spans[0], spans[0], spans[0]].map(() => expect.anything()))
  })

  it('is not looked for in lists, maps and frozen objects', () => {
    const values = [[1], new Map(), new Set(), Object.freeze(counter(1))]
    for (const value of values) {
      const { call, spans } = traced(() => value)
      expect(call()).toBe(value)
      expect(spans).toHaveLength(1)
    }
  })
})

describe('a web stream', () => {
  const stream = (chunks: number, error?: Error) => {
    let sent = 0
    return new ReadableStream({
      pull(controller) {
        if (sent++ < chunks) controller.enqueue(sent)
        else if (error) controller.error(error)
        else controller.close()
      },
    })
  }

  it('ends its span when it has closed', async () => {
    const { call, spans } = traced(stream)
    const returned = call(2)
    expect(returned.locked).toBe(false)
    expect(spans).toHaveLength(0)
    for await (const _ of returned);
    await expect.poll(() => spans).toHaveLength(1)
    expect(spans[0]?.error).toBeUndefined()
  })

  it('ends its span when it is cancelled', async () => {
    const { call, spans } = traced(stream)
    await call(2).cancel()
    await expect.poll(() => spans).toHaveLength(1)
  })

  it('ends its span as failed when it fails', async () => {
    const { call, spans } = traced(stream)
    await expect(call(1, new TypeError('torn')).pipeTo(new WritableStream())).rejects.toThrow('torn')
    await expect.poll(() => spans).toHaveLength(1)
    expect(spans[0]?.error?.type).toBe('TypeError')
  })
})
