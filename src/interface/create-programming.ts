import type { Attributes, InstrumentOptions, LinkedSpan, Settings } from '../index.ts'
import { patchExports } from '../patch/patch-exports.ts'
import { wrapFunction } from '../patch/patch-method.ts'
import type { TracedCall } from '../patch/traced-call.ts'
import type { Logger } from '../shared/log.ts'
import type { Target, TargetMethod } from '../targets/target.ts'
import { zenTarget } from '../targets/zen-target.ts'
import { readTraceParent, writeTraceParent } from '../tracing/remote-parent.ts'
import { SAMPLED } from '../tracing/span-context.ts'
import type { Tracer } from '../tracing/tracer.ts'
import { costAttributes, createCostLinks, isTraceId } from './cost-links.ts'
import type { Programming } from './programming.ts'

/** What the programming interface is made from. */
export interface ProgrammingOptions {
  readonly tracer: Tracer
  readonly tracedCall: TracedCall
  /** Whether context may come from the application, and go to it: never in public mode. */
  readonly sharesContext: () => boolean
  /** Finds the spans of a trace where they were sent; none where it cannot. Never rejects. */
  readonly readTrace: (traceId: string) => Promise<readonly LinkedSpan[]>
  readonly changeSettings: (settings: Settings) => void
  /** Called when code names something to trace. */
  readonly onOffer: () => void
  readonly log: Logger
  /** Told of every failure of our own; must not throw. */
  readonly contained: (error: unknown) => void
}

type AnyFunction = (...args: unknown[]) => unknown

/** Makes what `index.ts` finds. A failure of our own never reaches the application. */
export function createProgramming(options: ProgrammingOptions): Programming {
  const { tracer, tracedCall, log, contained } = options
  const costs = createCostLinks()

  function attempt<T>(act: () => T, otherwise: T): T {
    try {
      return act()
    } catch (error) {
      contained(error)
      return otherwise
    }
  }

  function wrap<F>(target: F, name: string, attributes: Attributes): F {
    if (typeof target !== 'function') return target
    return attempt(() => {
      options.onOffer()
      const template = { name, origin: 'code', attributes: { ...attributes } } as const
      return wrapFunction(target as unknown as AnyFunction, template, tracedCall) as F
    }, target)
  }

  function instrument<T>(target: T, { name, methods, attributes = {} }: InstrumentOptions): T {
    if (typeof target !== 'function') return target
    if (!isClass(target) && methods === undefined)
      return wrap(target, name || target.name || 'anonymous', attributes)
    return attempt(() => {
      options.onOffer()
      const className = name ?? target.name
      const chosen = isZen(target, className) && methods === undefined ? zenTarget.methods : undefined
      const asked: Target['methods'] = chosen ?? methods?.map((method) => named(className, method)) ?? '*'
      const result = patchExports(
        { [className]: target },
        {
          matches: () => true,
          exportName: className,
          // The class that the agent knows is the same, however it is found.
          origin: chosen === undefined ? 'code' : 'builtin',
          methods: asked,
        },
        () => ({ ...attributes }),
        tracedCall,
      )
      for (const spanName of result?.patched ?? []) log.debug(`instrumented ${spanName}`)
      for (const left of result?.left ?? [])
        log.debug(`${className}.${left} cannot be changed; its calls are not traced`)
      return target
    }, target)
  }

  function inject(set: (name: 'traceparent' | 'tracestate', value: string) => void): void {
    attempt(() => {
      if (!options.sharesContext()) return
      const context = tracer.outgoing()
      if (context === undefined) return
      set('traceparent', writeTraceParent(context.spanContext))
      if (context.traceState !== undefined) set('tracestate', context.traceState)
    }, undefined)
  }

  return {
    wrap,
    instrument,
    addAttributes: (attributes) => attempt(() => void tracer.current()?.setAttributes(attributes), undefined),
    recordError: (error) => attempt(() => tracer.current()?.recordException(error as Error), undefined),
    currentTrace: () =>
      attempt(() => {
        const context = tracer.current()?.spanContext()
        if (context === undefined) return undefined
        const { traceId, spanId, traceFlags } = context
        return { traceId, spanId, sampled: (traceFlags & SAMPLED) === SAMPLED }
      }, undefined),
    inject: (carrier) => inject((name, value) => (carrier[name] = value)),
    injectEnvironment: (environment) => inject((name, value) => (environment[name.toUpperCase()] = value)),
    within(carrier, fn) {
      const remote = attempt(
        () =>
          options.sharesContext()
            ? readTraceParent(header(carrier, 'traceparent'), header(carrier, 'tracestate'))
            : undefined,
        undefined,
      )
      return remote === undefined ? fn() : tracer.runBelow(remote, fn)
    },
    linkCost: (cost) =>
      attempt(() => {
        const span = tracer.current()
        if (span === undefined || !options.sharesContext()) return cost
        span.setAttributes(costAttributes(cost))
        const { traceId, spanId } = span.spanContext()
        return costs.link(cost, { traceId, spanId, sampled: true })
      }, cost),
    async linkedData(id) {
      const cost = await costs.find(id)
      if (isTraceId(id)) return cost
      const traceId = cost?.traceContext?.traceId
      return traceId === undefined ? undefined : options.readTrace(traceId)
    },
    costStore: costs.setResolver,
    configure: (settings) => attempt(() => options.changeSettings(settings), undefined),
  }
}

function named(className: string, method: string): TargetMethod {
  return { method, spanName: `${className}.${method}`, attributes: {} }
}

/** By what bundlers keep: names of methods. */
function isZen(target: object, className: string): boolean {
  if (className === zenTarget.exportName) return true
  const { prototype } = target as { prototype?: object }
  return (
    prototype !== undefined &&
    'run' in prototype &&
    ('processCommand' in prototype || 'process_command' in prototype)
  )
}

/** A class, or a function of the old kind with methods on its prototype. */
function isClass(target: object): boolean {
  const { prototype } = target as { prototype?: unknown }
  if (typeof prototype !== 'object' || prototype === null) return false
  return (
    /^class\b/.test(Function.prototype.toString.call(target)) ||
    Object.getOwnPropertyNames(prototype).length > 1
  )
}

/** Names of headers are equal in any case; the first of several values counts. */
function header(carrier: object, wanted: string): string | undefined {
  for (const [name, value] of Object.entries(carrier) as [string, unknown][]) {
    if (name.toLowerCase() !== wanted) continue
    const first: unknown = Array.isArray(value) ? value[0] : value
    return typeof first === 'string' ? first : undefined
  }
  return undefined
}
