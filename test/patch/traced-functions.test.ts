import { describe, expect, it } from 'vitest'
import { createTracedFunctions } from '../../src/patch/traced-functions.ts'
import type { Target } from '../../src/targets/target.ts'

const LOCATION = 'file:///app/work.mjs'
const shape = { matches: (location: string) => location.includes('/work.mjs'), origin: 'configured' } as const

function target(exportName: string | undefined, names: '*' | readonly string[]): Target {
  const methods =
    names === '*'
      ? names
      : names.map((method) => ({ method, spanName: `${exportName ?? 'work'}.${method}`, attributes: {} }))
  return { ...shape, exportName, methods }
}

/** Names of spans that a call of what comes back makes. */
function tracing(...targets: Target[]) {
  const spans: string[] = []
  const told: string[] = []
  const functions = createTracedFunctions(
    targets,
    (_, { spanName }) => ({ name: spanName, origin: 'configured', attributes: {} }),
    (_, spanName, path) => told.push(`${spanName} in ${path}`),
    ({ name }, original, self, args) => {
      spans.push(name)
      return Reflect.apply(original, self, args)
    },
  )
  const call = (holder: object | null, key: string, location = LOCATION): string[] => {
    spans.length = 0
    functions.trace(location, holder, key, () => 1, '1:0:1')()
    return [...spans]
  }
  return { functions, call, told }
}

describe('a function that is handed over', () => {
  class Queue {}
  class Loud extends Queue {}

  it('is traced where its holder is of a class with the name of the target, or of a subclass', () => {
    const { call } = tracing(target('Queue', ['push']))
    expect(call(new Queue(), 'push')).toEqual(['Queue.push'])
    expect(call(new Loud(), 'push')).toEqual(['Queue.push'])
  })

  it('is traced where its holder is of a class that was found among the exports of a module, whatever its name', () => {
    const other = target('Other', ['push'])
    const { call, functions } = tracing(target('Third', ['push']), other)
    expect(call(new Loud(), 'push')).toEqual([])
    functions.found(other, Queue.prototype)
    expect(call(new Loud(), 'push')).toEqual(['Other.push'])
  })

  it('is left alone for other holders, names and modules', () => {
    const { call } = tracing(target('Queue', ['push']), target(undefined, ['pop']))
    expect(call({}, 'push')).toEqual([])
    expect(call(Object.create(null) as object, 'push')).toEqual([])
    expect(call(Queue, 'push')).toEqual([])
    expect(call(new Queue(), 'pop')).toEqual([])
    expect(call(null, 'push')).toEqual([])
    expect(call(new Queue(), 'push', 'file:///app/other.mjs')).toEqual([])
  })

  it('asks no getter for the name of a class', () => {
    class Secret {
      static get name(): string {
        throw new Error('asked')
      }
    }
    Object.defineProperty(Secret.prototype, 'constructor', { get: () => expect.fail('asked') })
    expect(tracing(target('Queue', ['push'])).call(new Secret(), 'push')).toEqual([])
  })

  it('is traced where a module exports it', () => {
    const { call, told } = tracing(target('Queue', '*'), target(undefined, ['push']))
    expect(call(null, 'push')).toEqual(['work.push'])
    expect(call(null, 'push')).toEqual(['work.push'])
    expect(told).toEqual(['work.push in /app/work.mjs'])
  })

  it('is traced under any name where all methods of the class are wanted', () => {
    expect(tracing(target('Queue', '*')).call(new Queue(), 'anything')).toEqual(['Queue.anything'])
  })
})
