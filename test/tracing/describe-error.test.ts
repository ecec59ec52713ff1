import { describe, expect, it } from 'vitest'
import { describeError } from '../../src/tracing/describe-error.ts'

function throwing(property: string): Error {
  return Object.defineProperty(new Error('hidden'), property, {
    get() {
      throw new Error('no access')
    },
  })
}

class PaymentError extends Error {}

describe('an error', () => {
  it('is described by class, message and stack', () => {
    const error = new RangeError('too far')
    expect(describeError(error)).toEqual({ type: 'RangeError', message: 'too far', stack: error.stack })
  })

  it.each([
    ['its class', new PaymentError('x'), 'PaymentError'],
    ['a name set by hand', Object.assign(new Error('x'), { name: 'AbortError' }), 'AbortError'],
    [
      'its class, before a name set by hand',
      Object.assign(new PaymentError('x'), { name: 'Other' }),
      'PaymentError',
    ],
    ['Error, where it has no constructor', Object.setPrototypeOf(new Error('x'), null) as Error, 'Error'],
    ['Error, where its class has no name', new (class extends Error {})('x'), 'Error'],
    ['Error, where it is a plain object', { message: 'x' }, 'Error'],
    ['the name of a plain object', { message: 'x', name: 'Custom' }, 'Custom'],
  ])('has as type %s', (_, thrown, type) => {
    expect(describeError(thrown)).toMatchObject({ type, message: 'x' })
  })

  it('says nothing of a message or stack that is not text', () => {
    expect(describeError({ message: 5, stack: {}, name: 7 })).toEqual({ type: 'Error' })
    expect(describeError(new Error(''))).not.toHaveProperty('message')
  })

  it('is cut where it is very long', () => {
    const described = describeError(
      Object.assign(new Error('m'.repeat(1e6)), { stack: 's'.repeat(1e6), name: 'n'.repeat(1e6) }),
    )
    for (const text of Object.values(described)) expect((text as string).length).toBe(16_384)
  })
})

describe('a long text', () => {
  it('is cut in front of a word, so that no half of an address remains', () => {
    const address = 'jane.doe@example.com'
    const described = describeError(new Error(`${'m'.repeat(16_370)} ${address}`))
    expect(described.message).toBe('m'.repeat(16_370))
  })

  it('is not cut inside a character', () => {
    const described = describeError(`${'m'.repeat(16_383)}${'😀'.repeat(10)}`)
    expect(described.message).toBe('m'.repeat(16_383))
  })
})

describe('what is no error', () => {
  it.each([
    ['text', 'string', 'text'],
    [42, 'number', '42'],
    [10n, 'bigint', '10'],
    [true, 'boolean', 'true'],
    [undefined, 'undefined', 'undefined'],
    [null, 'object', 'null'],
    [Symbol('s'), 'symbol', 'Symbol(s)'],
  ])('%s is described by its kind', (thrown, type, message) => {
    expect(describeError(thrown)).toEqual({ type, message })
  })

  it('is cut as well', () => {
    expect(describeError('x'.repeat(1e6)).message).toHaveLength(16_384)
  })
})

describe('hostile values', () => {
  const revoked = Proxy.revocable({}, {})
  revoked.revoke()
  it.each([
    ['a message that throws', throwing('message')],
    ['a stack that throws', throwing('stack')],
    ['a name that throws', throwing('name')],
    ['a constructor that throws', throwing('constructor')],
    ['a revoked proxy', revoked.proxy],
    [
      'a proxy that refuses everything',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('no')
          },
        },
      ),
    ],
    ['an object without prototype', Object.create(null) as unknown],
    [
      'a function whose text throws',
      Object.assign(() => {}, {
        toString: () => {
          throw new Error('no')
        },
      }),
    ],
  ])('%s is survived', (_, thrown) => {
    const described = describeError(thrown)
    expect(described.type).toMatch(/^(Error|function)$/)
    expect(() => JSON.stringify(described)).not.toThrow()
  })

  it('nothing is written to what was thrown', () => {
    const frozen = Object.freeze(new Error('frozen'))
    expect(describeError(frozen)).toMatchObject({ type: 'Error', message: 'frozen' })
    const written: PropertyKey[] = []
    const watched = new Proxy(new Error('x'), {
      set: (_, key) => written.push(key) > 0,
      defineProperty: (_, key) => written.push(key) > 0,
    })
    describeError(watched)
    expect(written).toEqual([])
  })
})
