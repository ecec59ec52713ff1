import { describe, expect, it } from 'vitest'
import { isPatched, patchMethod } from '../../src/patch/patch-method.ts'
import type { TracedCall } from '../../src/patch/traced-call.ts'
import { TEMPLATE } from '../tracing/recording-tracer.ts'

type Class = abstract new (...args: never[]) => object

/** Patches a method; each traced call is noted with its `this` and arguments. */
function patch(owner: object, key: PropertyKey = 'run') {
  const calls: { self: unknown; args: readonly unknown[] }[] = []
  const tracedCall: TracedCall = (_template, original, self, args) => {
    calls.push({ self, args })
    return Reflect.apply(original, self, args)
  }
  return { calls, undo: patchMethod(owner, key, TEMPLATE, tracedCall) }
}

/** Everything an application can read off a function but the order of its keys; objects by identity. */
function appearance(value: unknown): unknown[] {
  const of = value as object
  const keys = Reflect.ownKeys(of).sort((a, b) => String(a).localeCompare(String(b)))
  const descriptors = keys.flatMap((key) => Object.entries(Reflect.getOwnPropertyDescriptor(of, key)!))
  return [keys, descriptors, Object.getPrototypeOf(of), Object.isExtensible(of)].flat(3)
}

function expectSameAppearance(actual: unknown, expected: unknown): void {
  const [ours, theirs] = [appearance(actual), appearance(expected)]
  expect(ours.length).toBe(theirs.length)
  for (const [index, part] of theirs.entries()) expect(ours[index]).toBe(part)
}

const METADATA = Symbol('metadata')
const SAMPLES: [string, () => object][] = [
  [
    'a method',
    () =>
      class {
        run(_a: unknown, _b: unknown): void {}
      }.prototype,
  ],
  [
    'an async method',
    () =>
      class {
        async run(_a: unknown): Promise<void> {}
      }.prototype,
  ],
  [
    'a generator method',
    () =>
      class {
        *run(): Generator<number> {
          yield 1
        }
      }.prototype,
  ],
  [
    'an async generator method',
    () =>
      class {
        async *run(): AsyncGenerator<number> {
          yield 1
        }
      }.prototype,
  ],
  ['a plain function', () => ({ run: function named(_a: unknown) {} })],
  ['a function without name', () => ({ run: (() => function () {})() })],
  // oxlint-disable-next-line typescript/no-implied-eval -- the only sloppy functions there are in a module
  ['a sloppy function', () => ({ run: new Function('a', 'b', 'return this') })],
  ['an arrow function', () => ({ run: (_a: unknown): void => {} })],
  [
    'a class',
    () => ({
      run: class Inner {
        static x = 1
      },
    }),
  ],
  ['a bound function', () => ({ run: function f(_a: unknown, _b: unknown) {}.bind(null, 1) })],
  ['a builtin function', () => ({ run: Math.max })],
  [
    'a function with metadata',
    () => ({ run: Object.assign((): void => {}, { [METADATA]: { a: 1 }, tag: 'x' }) }),
  ],
  [
    'a function with a changed name',
    () => ({ run: Object.defineProperty(() => {}, 'name', { value: 'other' }) }),
  ],
]

describe('a patched method', () => {
  it.each(SAMPLES)('looks like the original: %s', (_, make) => {
    const owner = make() as { run: unknown }
    const original = owner.run
    const descriptor = Reflect.getOwnPropertyDescriptor(owner, 'run')!
    expect(patch(owner).undo).toBeDefined()
    expect(owner.run).not.toBe(original)
    expect(isPatched(owner.run)).toBe(true)
    expectSameAppearance(owner.run, original)
    expect(Reflect.getOwnPropertyDescriptor(owner, 'run')).toEqual({ ...descriptor, value: owner.run })
  })

  it.each([
    [
      'a method',
      () =>
        class {
          run(): void {}
        }.prototype,
    ],
    [
      'an async method',
      () =>
        class {
          async run(): Promise<void> {}
        }.prototype,
    ],
    [
      'a generator method',
      () =>
        class {
          *run(): Generator<number> {
            yield 1
          }
        }.prototype,
    ],
    ['an arrow function', () => ({ run: () => {} })],
  ])('cannot be constructed where the original cannot: %s', (_, make) => {
    const owner = make() as unknown as { run: new () => unknown }
    patch(owner)
    expect(() => new owner.run()).toThrow(TypeError)
  })

  it('keeps the order of the keys of its owner', () => {
    class Zen {
      first(): void {}
      run(): void {}
      last(): void {}
    }
    const before = Reflect.ownKeys(Zen.prototype)
    patch(Zen.prototype)
    expect(Reflect.ownKeys(Zen.prototype)).toEqual(before)
  })

  it('is called with its `this` and arguments, undefined included', () => {
    class Zen {
      run(...args: unknown[]): unknown[] {
        return [this, ...args]
      }
    }
    const { calls } = patch(Zen.prototype)
    const zen = new Zen()
    expect(zen.run(1, undefined)).toEqual([zen, 1, undefined])
    const { run } = zen
    expect(Reflect.apply(run, undefined, [2])).toEqual([undefined, 2])
    expect(Reflect.apply(run, 'primitive', [])).toEqual(['primitive'])
    expect(calls.map((call) => call.self)).toEqual([zen, undefined, 'primitive'])
  })

  it('is found by subclasses, calls super, and reaches private fields', () => {
    class Zen {
      #secret = 42
      run(): number {
        return this.#secret
      }
    }
    class Calm extends Zen {
      override run(): number {
        return super.run() + 1
      }
    }
    class Plain extends Zen {}
    const { calls } = patch(Zen.prototype)
    expect(new Calm().run()).toBe(43)
    expect(new Plain().run()).toBe(42)
    expect(calls).toHaveLength(2)
  })

  it('calls super itself where it overrides', () => {
    class Base {
      run(): string {
        return 'base'
      }
    }
    class Zen extends Base {
      override run(): string {
        return `${super.run()}, zen`
      }
    }
    patch(Zen.prototype)
    expect(new Zen().run()).toBe('base, zen')
    expect(Object.hasOwn(Zen.prototype, 'run')).toBe(true)
  })
})

describe('a patched constructor function', () => {
  function makeOwner(): { run: new (...args: unknown[]) => { target: unknown; args: unknown[] } } {
    return {
      run: function Legacy(this: Record<string, unknown>, ...args: unknown[]) {
        this['target'] = new.target
        this['args'] = args
      } as never,
    }
  }

  it('constructs as the original, new.target included, and makes no span of it', () => {
    const owner = makeOwner()
    const Original = owner.run
    const { calls } = patch(owner)
    const made = new owner.run(1, 2)
    expect(made.args).toEqual([1, 2])
    expect(made.target).toBe(Original)
    expect(made).toBeInstanceOf(Original)
    expect(made).toBeInstanceOf(owner.run)
    expect(calls).toEqual([])
  })

  it('can be extended', () => {
    const owner = makeOwner()
    patch(owner)
    class Sub extends owner.run {}
    const made = new Sub(1)
    expect(made).toBeInstanceOf(Sub)
    expect(made.target).toBe(Sub)
  })
})

describe('what cannot be patched', () => {
  it.each<[string, object]>([
    [
      'a getter',
      {
        get run() {
          return () => {}
        },
      },
    ],
    ['a value that is no function', { run: 5 }],
    ['a member that is not there', {}],
    ['an inherited member', Object.create({ run() {} }) as object],
    ['a member of a frozen object', Object.freeze({ run() {} })],
    ['a member that is neither writable nor configurable', Object.defineProperty({}, 'run', { value() {} })],
    ['a member of an object that refuses', new Proxy({ run() {} }, { defineProperty: () => false })],
  ])('is left as it is: %s', (_, owner) => {
    const before = Reflect.getOwnPropertyDescriptor(owner, 'run')
    expect(patch(owner).undo).toBeUndefined()
    expect(Reflect.getOwnPropertyDescriptor(owner, 'run')).toEqual(before)
  })

  it('is a method that is patched already', () => {
    const owner = { run(): void {} }
    patch(owner)
    const { run } = owner
    expect(patch(owner).undo).toBeUndefined()
    expect(owner.run).toBe(run)
  })

  it('is told apart from a member that is writable alone', () => {
    const owner = Object.defineProperty({} as { run: () => number }, 'run', {
      value: () => 1,
      writable: true,
    })
    const { calls } = patch(owner)
    expect(owner.run()).toBe(1)
    expect(calls).toHaveLength(1)
    expect(Reflect.getOwnPropertyDescriptor(owner, 'run')).toMatchObject({
      configurable: false,
      enumerable: false,
    })
  })
})

describe('undoing a patch', () => {
  it('brings the original back, with its descriptor', () => {
    const Zen: Class = class {
      run(): void {}
    }
    const before = Reflect.getOwnPropertyDescriptor(Zen.prototype, 'run')
    patch(Zen.prototype as object).undo!()
    expect(Reflect.getOwnPropertyDescriptor(Zen.prototype, 'run')).toEqual(before)
  })

  it('does nothing while somebody else stands on top', () => {
    const owner = { run: (): string => 'original' }
    const original = owner.run
    const { undo } = patch(owner)
    const ours = owner.run
    const theirs = (): string => `theirs of ${ours()}`
    owner.run = theirs
    undo!()
    expect(owner.run).toBe(theirs)
    owner.run = ours
    undo!()
    expect(owner.run).toBe(original)
  })

  it('can be followed by another patch', () => {
    const owner = { run: (): void => {} }
    patch(owner).undo!()
    expect(patch(owner).undo).toBeDefined()
  })
})
