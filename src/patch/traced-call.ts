import { isPromise } from 'node:util/types'
import type { RecordingSpan } from '../tracing/recording-span.ts'
import { type SpanTemplate, type Tracer, UNSAMPLED } from '../tracing/tracer.ts'
import { rethrown } from './uncaught-source-line.ts'

type AnyFunction = (...args: unknown[]) => unknown

/** Calls an original method, as a span if it is sampled. */
export type TracedCall = (
  template: SpanTemplate,
  original: AnyFunction,
  self: unknown,
  args: readonly unknown[],
) => unknown

/**
 * Makes the function that all patched methods go through. The original is called exactly once, whatever fails on our
 * side; its result, its error and its timing are its own.
 *
 * @param tracer makes the spans
 * @param contained told of every failure of our own; must not throw
 */
export function createTracedCall(tracer: Tracer, contained: (error: unknown) => void): TracedCall {
  return function tracedCall(template, original, self, args) {
    const parent = tracer.parent()
    if (parent === UNSAMPLED) return Reflect.apply(original, self, args)
    if (!tracer.shouldSample(parent)) return tracer.runUnsampled(Reflect.apply, original, self, args)
    const span = startContained()
    return span ? callInSpan(span) : Reflect.apply(original, self, args)

    function startContained(): RecordingSpan | undefined {
      try {
        return tracer.start(template, parent as Exclude<typeof parent, typeof UNSAMPLED>)
      } catch (error) {
        contained(error)
        return undefined
      }
    }

    function callInSpan(open: RecordingSpan): unknown {
      let result: unknown
      try {
        result = tracer.runIn(open, () => Reflect.apply(original, self, args))
      } catch (error) {
        open.endWithError(error)
        throw rethrown(error, 'node-do-not-add-exception-line')
      }
      if (isPromise(result)) return followPromise(result, open)
      open.end()
      return result
    }
  }
}

/**
 * A promise derived from the application's: it settles alike, one microtask later, after the span has ended. A fork
 * would leave the original handled, and a rejection that nobody handles would go unnoticed.
 */
function followPromise(promise: Promise<unknown>, span: RecordingSpan): Promise<unknown> {
  const derived = promise.then(
    (value) => {
      span.end()
      return value
    },
    (error: unknown) => {
      span.endWithError(error)
      throw error
    },
  )
  return copyOwnProperties(promise, derived)
}

/** Libraries hang further things on their promises, such as a child process. */
function copyOwnProperties(from: object, to: Promise<unknown>): Promise<unknown> {
  for (const key of Reflect.ownKeys(from)) {
    const descriptor = Reflect.getOwnPropertyDescriptor(from, key)
    if (descriptor) Reflect.defineProperty(to, key, descriptor)
  }
  return to
}
