import { isGeneratorObject, isPromise } from 'node:util/types'
import type { RecordingSpan } from '../tracing/recording-span.ts'
import type { Place } from '../tracing/call-context.ts'
import { UNSAMPLED } from '../tracing/parent.ts'
import type { SpanTemplate } from '../tracing/span-template.ts'
import type { Tracer } from '../tracing/tracer.ts'
import type { CallEnding } from './call-ending.ts'
import { followGenerator, type RunStep } from './follow-generator.ts'
import { followIterator } from './follow-iterator.ts'
import { followStream } from './follow-stream.ts'
import { followThenable } from './follow-thenable.ts'
import { followWebStream } from './follow-web-stream.ts'
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
 * @param linkCost looks at the object that a call returned, or what its promise was fulfilled with, before the span ends;
 *   asked for templates that say so
 */
export function createTracedCall(
  tracer: Tracer,
  contained: (error: unknown) => void,
  linkCost: (span: RecordingSpan, result: unknown) => void = () => {},
): TracedCall {
  // The way of a call that is not sampled is kept small, so that V8 compiles it into its caller as a whole.
  return function tracedCall(template, original, self, args) {
    const place = tracer.here()
    const span = startContained(template, place)
    if (span === UNSAMPLED) return callUnsampled(template, place, original, self, args)
    return span === undefined
      ? Reflect.apply(original, self, args)
      : callSampled(template, place, span, original, self, args)
  }

  function callSampled(
    template: SpanTemplate,
    place: Place,
    span: RecordingSpan,
    original: AnyFunction,
    self: unknown,
    args: readonly unknown[],
  ): unknown {
    let result: unknown
    try {
      result = tracer.applyIn(place, span, original, self, args)
    } catch (error) {
      span.endWithError(error)
      throw rethrown(error, 'node-do-not-add-exception-line')
    }
    if (!isObject(result)) {
      span.end()
      return result
    }
    return follow(result, endingOf(span, template), (step) => tracer.runIn(span, step))
  }

  function endingOf(span: RecordingSpan, template: SpanTemplate): CallEnding {
    if (!template.linksCost) return span
    return {
      end(result) {
        try {
          linkCost(span, result)
        } catch (error) {
          contained(error)
        }
        span.end()
      },
      endWithError: (thrown) => span.endWithError(thrown),
    }
  }

  /** A span; or that this call begins what is not sampled; or undefined, where nothing changes. */
  function startContained(
    template: SpanTemplate,
    place: Place,
  ): RecordingSpan | typeof UNSAMPLED | undefined {
    try {
      const parent = tracer.parent(place)
      if (parent === UNSAMPLED) return undefined
      return tracer.shouldSample(parent) ? tracer.start(template, parent) : UNSAMPLED
    } catch (error) {
      contained(error)
      return undefined
    }
  }

  /** A root that is not sampled, watched for its failure alone. What is needed only then is made only then. */
  function callUnsampled(
    template: SpanTemplate,
    place: Place,
    original: AnyFunction,
    self: unknown,
    args: readonly unknown[],
  ): unknown {
    const startedAt = tracer.openUnsampled()
    let result: unknown
    try {
      result = tracer.applyUnsampled(place, original, self, args)
    } catch (error) {
      unsampledEnding(template, startedAt).endWithError(error)
      throw rethrown(error, 'node-do-not-add-exception-line')
    }
    if (isObject(result)) return follow(result, unsampledEnding(template, startedAt), tracer.runUnsampled)
    tracer.closeUnsampled()
    return result
  }

  function unsampledEnding(template: SpanTemplate, startedAt: number | undefined): CallEnding {
    let ended = false
    const end = (): void => {
      if (!ended) tracer.closeUnsampled()
      ended = true
    }
    return {
      end,
      endWithError(thrown) {
        end()
        try {
          tracer.unsampledError(template, startedAt, thrown)
        } catch (failure) {
          contained(failure)
        }
      },
    }
  }

  /** The work of a call may go on in what it returned: a promise, a generator, a stream. */
  function follow(result: unknown, ending: CallEnding, run: RunStep): unknown {
    try {
      if (isPromise(result)) return followPromise(result, ending)
      if (isGeneratorObject(result)) return followGenerator(result, ending, run)
      if (!isObject(result) || !followObject(result, ending, run)) ending.end(result)
    } catch (error) {
      // What an application returns may have traps and getters of its own.
      contained(error)
      ending.end()
    }
    return result
  }
}

function followObject(result: object, ending: CallEnding, run: RunStep): boolean {
  return (
    followThenable(result, ending) ||
    followStream(result, ending) ||
    followWebStream(result, ending) ||
    followIterator(result, ending, run)
  )
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/**
 * A promise derived from the application's: it settles alike, one microtask later, after the span has ended. A fork
 * would leave the original handled, and a rejection that nobody handles would go unnoticed.
 */
function followPromise(promise: Promise<unknown>, ending: CallEnding): Promise<unknown> {
  const derived = promise.then(
    (value) => {
      ending.end(value)
      return value
    },
    (error: unknown) => {
      ending.endWithError(error)
      throw error
    },
  )
  return isPromise(derived) ? copyOwnProperties(promise, derived) : promise
}

/**
 * Libraries hang further things on their promises, such as a child process. What the derived promise has already is its
 * own: Node 20 and 22 keep async ids and the stores of every `AsyncLocalStorage` there.
 */
function copyOwnProperties(from: object, to: Promise<unknown>): Promise<unknown> {
  for (const key of Reflect.ownKeys(from)) {
    if (Object.hasOwn(to, key)) continue
    const descriptor = Reflect.getOwnPropertyDescriptor(from, key)
    if (descriptor) Reflect.defineProperty(to, key, descriptor)
  }
  return to
}
