import { isPromise } from 'node:util/types'
import type { ContextManager } from '@opentelemetry/api'
import { applicationContextManager, applicationSpan, runInApplication } from './application-context.ts'
import { nodeFeatures } from '../shared/node-features.ts'
import { createCallContext, type Place } from './call-context.ts'
import { monotonicNow } from './clock.ts'
import { createErrorQuota, type ErrorQuota } from './error-quota.ts'
import { createIdGenerator } from './ids.ts'
import { type OutgoingContext, outgoingContext } from './outgoing-context.ts'
import { isSampled, type KnownParent, type Parent, UNSAMPLED } from './parent.ts'
import { RecordingSpan } from './recording-span.ts'
import { RemoteParent } from './remote-parent.ts'
import type { RootSampler } from './root-sampler.ts'
import { createSpanMaker } from './span-maker.ts'
import type { SpanTemplate } from './span-template.ts'

type AnyFunction = (...args: unknown[]) => unknown

/** What a tracer needs from its surroundings. */
export interface TracerOptions {
  readonly sampler: RootSampler
  /** Called with each span that begins. */
  readonly onStart?: () => void
  /** Called with each span that ended. */
  readonly onEnd: (span: RecordingSpan) => void
  /** Called before the first span of the process is made. */
  readonly onFirstSpan: () => void
  /** Whether spans may be made at all; asked for each sampled call. */
  readonly isEnabled: () => boolean
  /** A root failed that was not sampled. */
  readonly onUnsampledError: () => void
  /** Whether it is recorded all the same; asked for each such call. */
  readonly keepsErrors: () => boolean
  /** How many of them are, at most. */
  readonly errorQuota?: ErrorQuota
  /** Whether the application's own active span is taken as parent, and ours shown to it; asked for each call. */
  readonly sharesContext: () => boolean
  /** What roots of this process are children of, where the context is shared. */
  readonly inherited?: RemoteParent | undefined
}

/** Makes spans and keeps track of which one is active. */
export interface Tracer {
  /** Where a call that is made now finds its parent, and puts its span. */
  here(): Place
  /** What a call made now has as its parent. */
  parent(place?: Place): Parent
  /** Whether a call with this parent is recorded. */
  shouldSample(parent: Parent): boolean
  /** Starts a span; undefined when telemetry was switched off in the meantime. */
  start(template: SpanTemplate, parent: KnownParent | undefined): RecordingSpan | undefined
  /** Calls a function with a span as the active one. */
  runIn<T>(span: RecordingSpan, call: () => T): T
  /** The same for a method, as `Reflect.apply` calls it. */
  applyIn(
    place: Place,
    span: RecordingSpan,
    original: AnyFunction,
    self: unknown,
    args: readonly unknown[],
  ): unknown
  /** Calls a function so that nothing below it is sampled. */
  runUnsampled<T>(call: () => T): T
  /** The same for a method. */
  applyUnsampled(place: Place, original: AnyFunction, self: unknown, args: readonly unknown[]): unknown
  /**
   * Says that a root begins that is not sampled.
   *
   * @returns when it was called, by `monotonicNow()`, if that may be needed
   */
  openUnsampled(): number | undefined
  /** Says that such a root has ended. */
  closeUnsampled(): void
  /**
   * Counts a root that failed and was not sampled, and records it where errors are kept; without descendants, ten a second
   * at most. It has no `sampling.rate`: the failures that were sampled stand for all of them.
   *
   * @param startedAt from {@link openUnsampled}
   */
  unsampledError(template: SpanTemplate, startedAt: number | undefined, thrown: unknown): void
  /** The span of the call that is running. */
  current(): RecordingSpan | undefined
  /** Calls a function below a parent in another process. */
  runBelow<T>(remote: RemoteParent, call: () => T): T
  /** What a process that is called now has as its parent; undefined outside of a traced call. */
  outgoing(): OutgoingContext | undefined
  /** Ends everything that is open, because the process ends. */
  endOpen(uncaught?: { readonly thrown: unknown }): void
}

/** Composes context, sampler and spans. Nothing is claimed globally: the context is a storage of the agent's own. */
export function createTracer(options: TracerOptions): Tracer {
  const context = createCallContext<RecordingSpan | RemoteParent | typeof UNSAMPLED>(
    !nodeFeatures(process.versions.node).asyncContextFrame,
  )
  const { here, activeIn, opened, closed } = context
  const ids = createIdGenerator()
  const { errorQuota: quota = createErrorQuota() } = options
  const spans = createSpanMaker(ids, {
    onFirstSpan: options.onFirstSpan,
    onStart() {
      opened()
      options.onStart?.()
    },
    onEnd(span) {
      closed()
      options.onEnd(span)
    },
  })

  function parent(place: Place = here()): Parent {
    const own = activeIn(place)
    if (own === UNSAMPLED) return own
    const manager = applicationContextManager()
    if (manager === undefined && (own !== undefined || options.inherited === undefined)) return own
    return parentBeside(manager, own)
  }

  /** What was received by code of the application goes before its active span; what this process was started with, last. */
  function parentBeside(
    manager: ContextManager | undefined,
    own: RecordingSpan | RemoteParent | undefined,
  ): Parent {
    if (own instanceof RemoteParent || !options.sharesContext()) return own
    return (manager && applicationSpan(manager)) ?? own ?? options.inherited
  }

  function shouldSample(found: Parent): boolean {
    return found === undefined ? options.sampler.shouldSample() : isSampled(found)
  }

  function start(template: SpanTemplate, found: KnownParent | undefined): RecordingSpan | undefined {
    if (!options.isEnabled()) return undefined
    return spans.start(template, found, found === undefined ? options.sampler.rate : undefined)
  }

  function openUnsampled(): number | undefined {
    opened()
    return options.keepsErrors() ? monotonicNow() : undefined
  }

  function unsampledError(template: SpanTemplate, startedAt: number | undefined, thrown: unknown): void {
    options.onUnsampledError()
    // Without a start, errors were not kept when it was called: the mode was decided in the meantime.
    if (startedAt === undefined || !options.keepsErrors() || !quota.take() || !options.isEnabled()) return
    spans.start(template, undefined, undefined, startedAt).endWithError(thrown)
  }

  function current(): RecordingSpan | undefined {
    const own = activeIn(here())
    return own instanceof RecordingSpan ? own : undefined
  }

  function runBelow<T>(remote: RemoteParent, call: () => T): T {
    opened()
    let result: T
    try {
      result = context.run(remote, call)
    } catch (error) {
      closed()
      throw error
    }
    if (!isPromise(result)) {
      closed()
      return result
    }
    return result.finally(closed) as T
  }

  function outgoing(): OutgoingContext | undefined {
    const found = parent()
    return found === undefined ? undefined : outgoingContext(found, ids)
  }

  function runIn<T>(span: RecordingSpan, call: () => T): T {
    const manager = applicationContextManager()
    return manager === undefined ? context.run(span, call) : runBeside(manager, span, call)
  }

  function applyIn(
    place: Place,
    span: RecordingSpan,
    original: AnyFunction,
    self: unknown,
    args: readonly unknown[],
  ): unknown {
    const manager = applicationContextManager()
    return manager === undefined
      ? context.apply(place, span, original, self, args)
      : runBeside(manager, span, () => Reflect.apply(original, self, args))
  }

  /** Shown to the application's own OpenTelemetry as well, where that may be. */
  function runBeside<T>(manager: ContextManager, span: RecordingSpan, call: () => T): T {
    return options.sharesContext()
      ? context.run(span, () => runInApplication(manager, span, call))
      : context.run(span, call)
  }

  return {
    here,
    parent,
    shouldSample,
    start,
    runIn,
    applyIn,
    applyUnsampled: (place, original, self, args) => context.apply(place, UNSAMPLED, original, self, args),
    runUnsampled: (call) => context.run(UNSAMPLED, call),
    openUnsampled,
    closeUnsampled: closed,
    unsampledError,
    current,
    runBelow,
    outgoing,
    endOpen: spans.endOpen,
  }
}
