import { isPromise } from 'node:util/types'
import type { ContextManager, Span } from '@opentelemetry/api'
import type { AttributeValue, SpanOrigin } from '../transport/wire.ts'
import { applicationContext, applicationContextManager, applicationSpan } from './application-context.ts'
import { nodeFeatures } from '../shared/node-features.ts'
import { createCallContext } from './call-context.ts'
import { epochNow, monotonicNow } from './clock.ts'
import { createErrorQuota } from './error-quota.ts'
import { createIdGenerator } from './ids.ts'
import { createOpenSpans } from './open-spans.ts'
import { type OutgoingContext, outgoingContext } from './outgoing-context.ts'
import { RecordingSpan } from './recording-span.ts'
import { RemoteParent } from './remote-parent.ts'
import type { RootSampler } from './root-sampler.ts'
import { rateOfState } from './sampling-state.ts'
import { SAMPLED } from './span-context.ts'

/** What every span of one method has in common. */
export interface SpanTemplate {
  readonly name: string
  readonly origin: SpanOrigin
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /** What it returns may say what it cost. */
  readonly linksCost?: boolean
}

/** Stands in the context below a root that was not sampled. */
export const UNSAMPLED: unique symbol = Symbol('unsampled')

/** The kind of parent a call finds. */
export type Parent = RecordingSpan | RemoteParent | typeof UNSAMPLED | Span | undefined

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
  /** Whether the application's own active span is taken as parent, and ours shown to it; asked for each call. */
  readonly sharesContext: () => boolean
  /** What roots of this process are children of, where the context is shared. */
  readonly inherited?: RemoteParent | undefined
}

/** Makes spans and keeps track of which one is active. */
export interface Tracer {
  /** What a call made now has as its parent. */
  parent(): Parent
  /** Whether a call with this parent is recorded. */
  shouldSample(parent: Parent): boolean
  /** Starts a span; undefined when telemetry was switched off in the meantime. */
  start(template: SpanTemplate, parent: Exclude<Parent, typeof UNSAMPLED>): RecordingSpan | undefined
  /** Calls a function with a span as the active one. */
  runIn<T>(span: RecordingSpan, call: () => T): T
  /** Calls a function so that nothing below it is sampled. */
  runUnsampled<T>(call: () => T): T
  /** The same for a method, as `Reflect.apply` calls it: no closure is made for it. */
  applyUnsampled(original: AnyFunction, self: unknown, args: readonly unknown[]): unknown
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
  const { storage, opened, closed } = createCallContext<RecordingSpan | RemoteParent | typeof UNSAMPLED>(
    !nodeFeatures(process.versions.node).asyncContextFrame,
  )
  const ids = createIdGenerator()
  const open = createOpenSpans()
  const quota = createErrorQuota()
  let started = false

  function parent(): Parent {
    const own = storage.getStore()
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

  function start(
    template: SpanTemplate,
    found: Exclude<Parent, typeof UNSAMPLED>,
    startedAt?: number,
  ): RecordingSpan | undefined {
    if (!options.isEnabled()) return undefined
    if (!started) {
      started = true
      options.onFirstSpan()
    }
    const { name, origin, attributes } = template
    const inherited = found?.spanContext()
    const own = found instanceof RecordingSpan ? found : undefined
    const span = new RecordingSpan(
      {
        name,
        origin,
        attributes,
        traceId: inherited?.traceId ?? ids.traceId(),
        spanId: ids.spanId(),
        parentSpanId: inherited?.spanId,
        parentIsRemote: found !== undefined && own === undefined,
        traceState:
          own?.traceState ?? (found instanceof RemoteParent ? found.traceState : inherited?.traceState),
        epoch: own?.epoch ?? epochNow(),
        startedAt,
        samplingRate: startedAt === undefined ? samplingRate(found) : undefined,
      },
      ended,
    )
    open.add(span)
    opened()
    options.onStart?.()
    return span
  }

  function openUnsampled(): number | undefined {
    opened()
    return options.keepsErrors() ? monotonicNow() : undefined
  }

  function unsampledError(template: SpanTemplate, startedAt: number | undefined, thrown: unknown): void {
    options.onUnsampledError()
    // Without a start, errors were not kept when it was called: the mode was decided in the meantime.
    if (startedAt === undefined || !options.keepsErrors() || !quota.take()) return
    start(template, undefined, startedAt)?.endWithError(thrown)
  }

  /** One rate for a whole trace; that of a trace of others is known if they say it. */
  function samplingRate(found: Exclude<Parent, typeof UNSAMPLED>): number | undefined {
    if (found === undefined) return options.sampler.rate
    if (found instanceof RecordingSpan || found instanceof RemoteParent) return found.samplingRate
    const { traceId, traceState } = found.spanContext()
    return traceState === undefined ? undefined : rateOfState(traceId, traceState.serialize())
  }

  function ended(span: RecordingSpan): void {
    open.remove(span)
    closed()
    options.onEnd(span)
  }

  function current(): RecordingSpan | undefined {
    const own = storage.getStore()
    return own instanceof RecordingSpan ? own : undefined
  }

  function runBelow<T>(remote: RemoteParent, call: () => T): T {
    opened()
    let result: T
    try {
      result = storage.run(remote, call)
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
    if (found === undefined) return undefined
    // Nothing is known of a trace that is not recorded, but that it is not: any ids say so.
    if (found === UNSAMPLED)
      return {
        spanContext: { traceId: ids.traceId(), spanId: ids.spanId(), traceFlags: 0 },
        traceState: undefined,
      }
    return outgoingContext(found)
  }

  function runIn<T>(span: RecordingSpan, call: () => T): T {
    const manager = applicationContextManager()
    if (manager === undefined || !options.sharesContext()) return storage.run(span, call)
    const active = applicationContext(manager, span)
    return storage.run(span, active === undefined ? call : () => manager.with(active, call))
  }

  return {
    parent,
    shouldSample,
    start,
    runIn,
    applyUnsampled: (original, self, args) => storage.run(UNSAMPLED, Reflect.apply, original, self, args),
    runUnsampled: (call) => storage.run(UNSAMPLED, call),
    openUnsampled,
    closeUnsampled: closed,
    unsampledError,
    current,
    runBelow,
    outgoing,
    endOpen: (uncaught) => open.endAll(uncaught),
  }
}

function isSampled(found: Exclude<Parent, undefined>): boolean {
  if (found === UNSAMPLED) return false
  return found instanceof RecordingSpan || (found.spanContext().traceFlags & SAMPLED) === SAMPLED
}
