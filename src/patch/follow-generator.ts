import { isPromise } from 'node:util/types'
import type { CallEnding } from './call-ending.ts'
import { rethrown } from './uncaught-source-line.ts'

type AnyGenerator = Generator<unknown, unknown, unknown> | AsyncGenerator<unknown, unknown, unknown>
/** Runs one step. */
export type RunStep = <T>(step: () => T) => T

type Step = (this: AnyGenerator, argument?: unknown) => unknown

const STEPS = ['next', 'return', 'throw'] as const

/**
 * Makes a generator object that behaves as the one of the application, and tells when it ends. Class, tag and own keys
 * are those of the original; the three steps stand on a prototype in between.
 *
 * @param generator what a traced method returned, sync or async
 * @param ending told when it has returned or thrown
 * @param run runs one step in the context of the call
 */
export function followGenerator(generator: AnyGenerator, ending: CallEnding, run: RunStep): AnyGenerator {
  const prototype = Object.getPrototypeOf(generator) as object
  const steps = Object.fromEntries(
    STEPS.map((name) => [
      name,
      { value: stepOf(generator, name, ending, run), writable: true, configurable: true, enumerable: false },
    ]),
  )
  return Object.create(Object.create(prototype, steps) as object) as AnyGenerator
}

function stepOf(
  generator: AnyGenerator,
  name: (typeof STEPS)[number],
  ending: CallEnding,
  run: RunStep,
): Step {
  const original = generator[name] as (argument?: unknown) => unknown
  const step = {
    [name](...args: [unknown?]): unknown {
      let result: unknown
      try {
        result = run(() => Reflect.apply(original, generator, args))
      } catch (error) {
        ending.endWithError(error)
        throw rethrown(error, 'node-do-not-add-exception-line')
      }
      return isPromise(result) ? result.then(settled, failed) : settled(result)
    },
  }[name] as Step
  return Object.defineProperty(step, 'length', { value: original.length, configurable: true })

  function settled(result: unknown): unknown {
    if ((result as IteratorResult<unknown> | undefined)?.done === true) ending.end()
    return result
  }

  function failed(error: unknown): never {
    ending.endWithError(error)
    throw error
  }
}
