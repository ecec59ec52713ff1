import { isPromise } from 'node:util/types'
import type { CallEnding } from './call-ending.ts'
import type { RunStep } from './follow-generator.ts'
import { rethrown } from './uncaught-source-line.ts'

type Step = (this: unknown, ...args: unknown[]) => unknown

const STEPS = ['next', 'return', 'throw'] as const

/**
 * Follows an iterator that was written by hand, sync or async: an object that steps, and is its own iterator. Its steps
 * are replaced on the object itself until the last of them, after which its own keys are what they were.
 *
 * @param iterator what a traced method returned
 * @param ending told when it is exhausted, was returned or has thrown
 * @param run runs one step in the context of the call
 * @returns false if it is none, or nothing can be put on it
 */
export function followIterator(iterator: object, ending: CallEnding, run: RunStep): boolean {
  if (!isIterator(iterator) || !Object.isExtensible(iterator)) return false
  const restores: (() => void)[] = []
  for (const name of STEPS) {
    const step = (iterator as Partial<Record<string, unknown>>)[name]
    const own = Reflect.getOwnPropertyDescriptor(iterator, name)
    if (typeof step !== 'function' || (own && !(own.configurable === true && 'value' in own))) continue
    const value = stepOf(step as Step)
    if (Reflect.defineProperty(iterator, name, { ...(own ?? HIDDEN), value }))
      restores.push(() => restore(name, value, own))
  }
  return restores.length > 0

  function stepOf(original: Step): Step {
    return function step(this: unknown, ...args: unknown[]): unknown {
      let result: unknown
      try {
        result = run(() => Reflect.apply(original, this, args))
      } catch (error) {
        failed(error)
        throw rethrown(error, 'node-do-not-add-exception-line')
      }
      if (!isPromise(result)) return settled(result)
      return result.then(settled, (error: unknown) => {
        failed(error)
        throw error
      })
    }
  }

  function settled(result: unknown): unknown {
    if ((result as IteratorResult<unknown> | undefined)?.done !== true) return result
    ending.end()
    for (const undo of restores.splice(0)) undo()
    return result
  }

  function failed(error: unknown): void {
    ending.endWithError(error)
    for (const undo of restores.splice(0)) undo()
  }

  function restore(name: string, ours: Step, before: PropertyDescriptor | undefined): void {
    if (Reflect.getOwnPropertyDescriptor(iterator, name)?.value !== ours) return
    if (before) Reflect.defineProperty(iterator, name, before)
    else Reflect.deleteProperty(iterator, name)
  }
}

const HIDDEN = { writable: true, configurable: true, enumerable: false }

/** A list or a map makes a new iterator each time it is asked, and has no steps of its own. */
function isIterator(value: object): boolean {
  const {
    next,
    [Symbol.iterator]: sync,
    [Symbol.asyncIterator]: async,
  } = value as Partial<Record<string | symbol, unknown>>
  return typeof next === 'function' && (typeof sync === 'function' || typeof async === 'function')
}
