/**
 * The programming interface. Everything here does nothing when the agent is off or absent, and throws nothing of its
 * own: code that uses it runs unchanged without the agent. The agent is found where it keeps itself, so the ES module
 * and the CommonJS copy of this file, and copies of other versions, all speak to the same one.
 */
import type { Programming } from './interface/programming.ts'

/** Values that an attribute may have; arrays are of one kind. */
export type AttributeValue = string | number | boolean | string[] | number[] | boolean[]

/** Attributes by name. */
export type Attributes = Readonly<Record<string, AttributeValue>>

/** What identifies the call that is running. */
export interface TraceIds {
  /** 32 hex digits. */
  readonly traceId: string
  /** 16 hex digits. */
  readonly spanId: string
  readonly sampled: boolean
}

/** What a piece of work cost. Other fields may stand beside these; they are never recorded. */
export interface Cost {
  /** Under which the application knows it. */
  readonly id?: string
  readonly model?: string
  /** US dollars. */
  readonly totalCost?: number
  readonly inputTokens?: number
  readonly outputTokens?: number
}

/** A cost with the call that caused it; undefined outside of a sampled call. */
export type LinkedCost<T extends Cost> = T & { readonly traceContext?: TraceIds | undefined }

/** A span of a trace as `linkedData` returns it. Times are milliseconds since 1970. */
export interface LinkedSpan extends TraceIds {
  readonly parentSpanId: string | undefined
  readonly name: string
  readonly start: number
  readonly end: number
  readonly attributes: Attributes
}

/** Settings that can be changed while the application runs; the rest stays as it is. */
export interface Settings {
  /** Share of root calls that is sampled, 0 to 1. */
  readonly sampleRate?: number
  /** Most spans in one request. */
  readonly batchSize?: number
  /** Most spans that may wait in memory. */
  readonly queueSize?: number
  /** Seconds between requests. */
  readonly flushInterval?: number
  /** Seconds that one request may take. */
  readonly exportTimeout?: number
  /** `false`: no further span is made, and waiting ones are discarded, until it is `true` again. */
  readonly enabled?: boolean
}

/** How {@link instrument} traces. */
export interface InstrumentOptions {
  /** Of the class in span names, or of the function's spans. Bundlers change names, so give it where one is used. */
  readonly name?: string
  /** Of a class; without it all, and of `ZenOrchestrator` those that the agent traces by itself. */
  readonly methods?: readonly string[]
  /** Added to every span. */
  readonly attributes?: Attributes
}

/** What carries a trace context: headers of a request, or fields of a message. */
export type Carrier = Record<string, string | readonly string[] | undefined>

// Functions of any kind, as TypeScript wants them in a constraint.
type AnyFunction = (...args: never[]) => unknown

/** Finds a cost record by the id of its trace, 32 hex digits, or by its own. */
export type CostResolver = (id: string) => Cost | undefined | Promise<Cost | undefined>

/**
 * Makes a function traced: each call becomes a span, ended when its work ends. Works as a wrapper,
 * `const load = traced('load')(loadFile)`, and as a standard decorator on methods, `@traced() save() {}`.
 *
 * @param name of the spans; without it, file and function name, as in `orders.save`
 * @param attributes added to every span
 * @returns takes the function, returns one that behaves the same; the very same where the agent is off
 */
export function traced(
  name?: string,
  attributes: Attributes = {},
): <F extends AnyFunction>(target: F, context?: ClassMethodDecoratorContext) => F {
  const file = agent() && name === undefined ? callerFile() : undefined
  return (target, context) => {
    if (context !== undefined && context.kind !== 'method') return target
    const own = String(context?.name ?? target.name)
    const spanName = name ?? ([file, own].filter(Boolean).join('.') || 'anonymous')
    return agent()?.wrap(target, spanName, attributes) ?? target
  }
}

/**
 * Traces a class or a function as the agent does it with modules: for code that was bundled, where there is no module to
 * recognise. `instrument(ZenOrchestrator)` is enough for that class. The class is changed in place.
 *
 * @param target a class, or a function
 * @returns the class itself, or a traced function
 */
export function instrument<T extends AnyFunction | (abstract new (...args: never[]) => unknown)>(
  target: T,
  options: InstrumentOptions = {},
): T {
  return agent()?.instrument(target, options) ?? target
}

/** Adds attributes to the span of the call that is running, if it has one. */
export function addSpanAttributes(attributes: Attributes): void {
  agent()?.addAttributes(attributes)
}

/** Records an error on the span of the call that is running; the span may still succeed. */
export function recordError(error: unknown): void {
  agent()?.recordError(error)
}

/** Which call is running; undefined outside of a traced call, and in one that is not sampled. */
export function currentTrace(): TraceIds | undefined {
  return agent()?.currentTrace()
}

/**
 * Writes the context of the call that is running as W3C `traceparent` and `tracestate`, so that what receives it joins
 * the trace; of a call that is not sampled, that it is not. Does nothing in public mode.
 *
 * @param carrier usually headers of a request
 * @returns the carrier
 */
export function injectContext<T extends Carrier>(carrier: T): T {
  agent()?.inject(carrier)
  return carrier
}

/**
 * Calls a function with a context that was received: traced calls in it become children of the sender's span, if that
 * was sampled, and are not sampled if it was not. In public mode, or without a valid `traceparent`, it is only called.
 *
 * @param carrier usually headers of a request; names in any case
 * @returns what the function returns
 */
export function withContext<T>(carrier: Carrier, fn: () => T): T {
  const programming = agent()
  return programming ? programming.within(carrier, fn) : fn()
}

/**
 * An environment for a child process that joins the trace of the call that is running: its agent finds `TRACEPARENT`.
 *
 * @param environment what the child gets besides; without it, that of this process
 * @returns a copy
 */
export function environmentWithContext(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string | undefined> {
  const copy = { ...environment }
  agent()?.injectEnvironment(copy)
  return copy
}

/**
 * Links a cost with the call that is running: `cost.total_usd`, `cost.model`, `cost.tokens.input` and
 * `cost.tokens.output` are set on its span, and `traceContext` on the record.
 *
 * @param cost a record of the application; one that is frozen stays, and a copy is returned
 */
export function linkCost<T extends Cost>(cost: T): LinkedCost<T> {
  return agent()?.linkCost(cost) ?? cost
}

/**
 * Fetches the other side of a link. Asked with a trace id (32 hex digits), the cost record: from {@link costStore}, or
 * one of the last 1,000 that this process linked. Asked with the id of a cost, the spans of its trace: from local files
 * or, where the credentials may read, from Cloud Trace.
 *
 * @returns undefined where there is none, and where the agent is off
 */
export async function linkedData(id: string): Promise<Cost | readonly LinkedSpan[] | undefined> {
  return agent()?.linkedData(id)
}

/**
 * Registers where cost records are kept.
 *
 * @param resolver undefined: the memory of this process alone
 */
export function costStore(resolver: CostResolver | undefined): void {
  agent()?.costStore(resolver)
}

/**
 * Changes settings while the application runs, for all threads of the process. Values are checked like the variables of
 * the environment: one that cannot be used is one warning, and what was before goes on.
 */
export function configure(settings: Settings): void {
  agent()?.configure(settings)
}

function agent(): Programming | undefined {
  const found = (globalThis as { [key: symbol]: { readonly programming?: Programming } | undefined })[
    Symbol.for('@zen/telemetry')
  ]
  return found?.programming
}

/** The file of the function that called the one that calls this, without folder and extension. */
function callerFile(): string | undefined {
  const { stack } = new Error()
  const [, path] =
    /^(?:.*\n){3}\s+at (?:.*\()?(?:file:\/\/)?(.*?):\d+:\d+\)?(?:\n|$)/.exec(String(stack)) ?? []
  const [folder, file = folder] = (path ?? '').split(/[\\/]/).slice(-2)
  const base = file?.replace(/\.\w+(\?.*)?$/, '')
  return (base === 'index' ? folder : base) || undefined
}
