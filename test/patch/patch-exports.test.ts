import { describe, expect, it } from 'vitest'
import { isPatched } from '../../src/patch/patch-method.ts'
import { patchExports } from '../../src/patch/patch-exports.ts'
import { zenTarget } from '../../src/targets/zen-target.ts'
import type { SpanTemplate } from '../../src/tracing/span-template.ts'

type Zen = { run(): unknown; processCommand(): unknown }
type ZenClass = { new (): Zen; prototype: Zen }

const RUN = 'zen.orchestrator.run'
const COMMAND = 'zen.orchestrator.process_command'

function zenClass(): ZenClass {
  return class ZenOrchestrator {
    run(): string {
      return 'run'
    }
    processCommand(): string {
      return 'processed'
    }
  }
}

function patch(exports: unknown, attributes: Record<string, string> = {}) {
  const templates: SpanTemplate[] = []
  const result = patchExports(
    exports,
    zenTarget,
    () => attributes,
    (template, original, self, args) => {
      templates.push(template)
      return Reflect.apply(original, self, args)
    },
  )
  return { result, templates }
}

describe('the class is found', () => {
  it.each<[string, (zen: ZenClass) => unknown]>([
    ['as a named export', (ZenOrchestrator) => ({ ZenOrchestrator, other: 1 })],
    ['as the default export', (zen) => ({ default: zen })],
    ['as the module itself', (zen) => zen],
    ['as default.default of a compiled module', (zen) => ({ default: { __esModule: true, default: zen } })],
    ['as a named export of the default export', (ZenOrchestrator) => ({ default: { ZenOrchestrator } })],
    ['as a property of the module itself', (zen) => Object.assign(() => {}, { ZenOrchestrator: zen })],
    [
      'behind a getter, as compilers write it',
      (zen) => Object.defineProperty({}, 'ZenOrchestrator', { get: () => zen, enumerable: true }),
    ],
    ['in a frozen module', (ZenOrchestrator) => Object.freeze({ ZenOrchestrator })],
    [
      'in a namespace without prototype',
      (zen) => Object.assign(Object.create(null) as object, { ZenOrchestrator: zen }),
    ],
  ])('%s', (_, makeExports) => {
    const zen = zenClass()
    const { result } = patch(makeExports(zen))
    expect(result).toMatchObject({ patched: [RUN, COMMAND], left: [] })
    expect(new zen().run()).toBe('run')
    expect(isPatched(zen.prototype.run)).toBe(true)
  })

  it('without its name, by its methods', () => {
    const { result } = patch({ default: class extends zenClass() {} })
    expect(result?.patched).toEqual([RUN, COMMAND])
  })

  it('where it is a function with a prototype', () => {
    function ZenOrchestrator(): void {}
    ZenOrchestrator.prototype.process_command = () => 'processed'
    const { result } = patch({ ZenOrchestrator })
    expect(result?.patched).toEqual([COMMAND])
  })

  it('before a default export of another kind', () => {
    const named = zenClass()
    const other = zenClass()
    patch({ ZenOrchestrator: named, default: other })
    expect([isPatched(named.prototype.run), isPatched(other.prototype.run)]).toEqual([true, false])
  })
})

describe('nothing is patched', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'ZenOrchestrator'],
    ['an empty module', {}],
    ['an instance', { ZenOrchestrator: {} }],
    ['an arrow function', { ZenOrchestrator: () => {} }],
    [
      'another class',
      {
        default: class Other {
          run() {}
        },
      },
    ],
    [
      'another class as the module itself',
      class Runner {
        run() {}
      },
    ],
  ])('in %s', (_, exports) => {
    expect(patch(exports).result).toBeUndefined()
  })

  it('where exports cannot be read yet', async () => {
    const dead = new Proxy(
      {},
      {
        get: () => {
          throw new ReferenceError("Cannot access 'ZenOrchestrator'")
        },
      },
    )
    expect(patch(dead).result).toBeUndefined()
    const zen = zenClass()
    const partly = Object.defineProperty({ default: zen }, 'ZenOrchestrator', {
      get() {
        throw new ReferenceError("Cannot access 'ZenOrchestrator' before initialization")
      },
    })
    expect(patch(partly).result?.patched).toEqual([RUN, COMMAND])
  })

  it('on builtin prototypes', () => {
    Object.defineProperty(Object.prototype, 'run', {
      value: () => 'everywhere',
      configurable: true,
      writable: true,
    })
    try {
      const { result } = patch({ ZenOrchestrator: class ZenOrchestrator {} })
      expect(result).toMatchObject({ patched: [], left: [] })
      expect(isPatched(Reflect.get(Object.prototype, 'run'))).toBe(false)
    } finally {
      Reflect.deleteProperty(Object.prototype, 'run')
    }
  })
})

describe('what cannot be changed', () => {
  it('is left alone and named: a frozen class', () => {
    const zen = zenClass()
    const { run } = zen.prototype
    Object.freeze(zen.prototype)
    expect(patch({ ZenOrchestrator: zen }).result).toMatchObject({
      patched: [],
      left: ['run', 'processCommand'],
    })
    expect(zen.prototype.run).toBe(run)
  })

  it('is left alone and named: a getter, which is not called', () => {
    let called = 0
    class ZenOrchestrator {
      get run(): () => void {
        called++
        return () => {}
      }
      processCommand(): void {}
    }
    expect(patch({ ZenOrchestrator }).result).toMatchObject({ patched: [COMMAND], left: ['run'] })
    expect(called).toBe(0)
  })
})

describe('spans of the methods', () => {
  it('carry name and attributes of the method, and those that were given', () => {
    class ZenOrchestrator {
      run(): void {}
      processCommand(): void {}
      process_command(): void {}
    }
    const { templates } = patch({ ZenOrchestrator }, { 'zen.version': '1.4.2' })
    const zen = new ZenOrchestrator()
    zen.run()
    zen.processCommand()
    zen.process_command()
    const command = { operation: 'process_command', 'zen.version': '1.4.2' }
    expect(templates).toEqual([
      {
        name: RUN,
        origin: 'builtin',
        attributes: { operation: 'main_loop', 'zen.version': '1.4.2' },
        linksCost: true,
      },
      { name: COMMAND, origin: 'builtin', attributes: command },
      { name: COMMAND, origin: 'builtin', attributes: command },
    ])
  })

  it('are made once for a class that several modules export', () => {
    const zen = zenClass()
    const first = patch({ ZenOrchestrator: zen })
    const second = patch({ default: zen })
    expect(second.result).toMatchObject({ patched: [], left: [] })
    new zen().run()
    expect([first.templates.length, second.templates.length]).toEqual([1, 0])
  })

  it('are made of a method of a parent class as well, where it stands', () => {
    const base = zenClass()
    class ZenOrchestrator extends base {}
    const { templates } = patch({ ZenOrchestrator })
    new ZenOrchestrator().run()
    expect(templates).toHaveLength(1)
    expect(Object.hasOwn(ZenOrchestrator.prototype, 'run')).toBe(false)
  })

  it('are no longer made after the patch is undone', () => {
    const zen = zenClass()
    const { run } = zen.prototype
    patch({ ZenOrchestrator: zen }).result!.undo()
    expect(zen.prototype.run).toBe(run)
  })
})

it('static methods are patched where the class has no method of that name, inherited ones where they are', () => {
  class Base {
    static open(): string {
      return 'open'
    }
  }
  class ZenOrchestrator extends Base {
    static run(): string {
      return `${this.name} ${super.open()}`
    }
    processCommand(): void {}
  }
  const keys = Reflect.ownKeys(ZenOrchestrator)
  const { result } = patch({ ZenOrchestrator })
  expect(result?.patched).toEqual([RUN, COMMAND])
  expect(ZenOrchestrator.run()).toBe('ZenOrchestrator open')
  expect(Reflect.ownKeys(ZenOrchestrator)).toEqual(keys)
})
