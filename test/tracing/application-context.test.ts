import { AsyncLocalStorage } from 'node:async_hooks'
import {
  context,
  type Context,
  type ContextManager,
  createTraceState,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTracedCall } from '../../src/patch/traced-call.ts'
import { recordingTracer, TEMPLATE } from './recording-tracer.ts'

/** What `AsyncLocalStorageContextManager` of OpenTelemetry does. */
class StorageContextManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>()
  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT
  }
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    active: Context,
    call: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(active, () => Reflect.apply(call, self, args) as ReturnType<F>)
  }
  bind<T>(_active: Context, target: T): T {
    return target
  }
  enable(): this {
    return this
  }
  disable(): this {
    return this
  }
}

const exporter = new InMemorySpanExporter()
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
const application = provider.getTracer('application')

beforeEach(() => context.setGlobalContextManager(new StorageContextManager()))
afterEach(() => {
  context.disable()
  exporter.reset()
})

function traced(options: Parameters<typeof recordingTracer>[0] = {}) {
  const { tracer, spans } = recordingTracer(options)
  const contained: unknown[] = []
  const tracedCall = createTracedCall(tracer, (error) => contained.push(error))
  return {
    spans,
    contained,
    outgoing: () => tracer.outgoing(),
    call: <T>(original: () => T): T => tracedCall(TEMPLATE, original, undefined, []) as T,
  }
}

describe("an application's own OpenTelemetry", () => {
  it('gives its active span as parent', () => {
    const { call, spans } = traced()
    application.startActiveSpan('request', (request) => {
      call(() => {})
      const { traceId, spanId } = request.spanContext()
      expect(spans).toMatchObject([{ traceId, parentSpanId: spanId, parentIsRemote: true }])
    })
  })

  it('finds our span as its active one, also after an await, and hangs its own below it', async () => {
    const { call, spans } = traced()
    await call(async () => {
      await Promise.resolve()
      trace.getActiveSpan()?.setAttribute('by', 'application')
      application.startSpan('query').end()
    })
    expect(spans).toMatchObject([{ attributes: { by: 'application' } }])
    const [query] = exporter.getFinishedSpans()
    expect(query!.parentSpanContext?.spanId).toBe(spans[0]!.spanId)
    expect(query!.spanContext().traceId).toBe(spans[0]!.traceId)
  })

  it('keeps the tracestate of its trace across ours', () => {
    const { call, spans, outgoing } = traced()
    const traceState = createTraceState('till=t61rcW')
    const sender = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1, traceState }
    context.with(trace.setSpanContext(context.active(), sender), () =>
      call(() =>
        call(() => {
          expect(outgoing()?.traceState).toBe('till=t61rcW')
          application.startSpan('query').end()
        }),
      ),
    )
    const [query] = exporter.getFinishedSpans()
    expect(query!.parentSpanContext?.spanId).toBe(spans[0]!.spanId)
    expect(query!.spanContext().traceState?.serialize()).toBe('till=t61rcW')
  })

  it('may stand between two of our spans', () => {
    const { call, spans } = traced()
    call(() => application.startActiveSpan('between', () => call(() => {})))
    const [inner, outer] = spans
    expect(inner!.traceId).toBe(outer!.traceId)
    expect(inner!.parentSpanId).not.toBe(outer!.spanId)
    expect(inner!.parentIsRemote).toBe(true)
  })

  it('decides about sampling below its spans', () => {
    const sampled = traced({ sampler: { shouldSample: () => false, rate: 0 } })
    application.startActiveSpan('sampled', () => sampled.call(() => {}))
    expect(sampled.spans).toHaveLength(1)

    const unsampled = traced()
    const parent = trace.wrapSpanContext({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 0 })
    context.with(trace.setSpan(context.active(), parent), () => unsampled.call(() => {}))
    expect(unsampled.spans).toEqual([])
  })

  it('is no parent with ids that are none', () => {
    const { call, spans } = traced()
    const parent = trace.wrapSpanContext({ traceId: '0'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 })
    context.with(trace.setSpan(context.active(), parent), () => call(() => {}))
    expect(spans[0]).not.toHaveProperty('parentSpanId')
  })

  it('is neither asked nor told anything where context is not shared', () => {
    const { call, spans } = traced({ sharesContext: () => false })
    application.startActiveSpan('request', (request) => {
      call(() => expect(trace.getActiveSpan()).toBe(request))
    })
    expect(spans[0]).not.toHaveProperty('parentSpanId')
  })

  it('breaks nothing where its context manager fails', () => {
    const { call, spans } = traced()
    context.disable()
    const failing = new StorageContextManager()
    failing.active = () => {
      throw new Error('no context')
    }
    context.setGlobalContextManager(failing)
    expect(call(() => 'result')).toBe('result')
    expect(spans).toHaveLength(1)
  })

  it('breaks nothing where its active span fails', () => {
    const { call, spans, contained } = traced()
    let asked = 0
    const failing = trace.wrapSpanContext({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 })
    const spanContext = failing.spanContext.bind(failing)
    failing.spanContext = () => {
      if (asked++ > 0) throw new Error('no ids')
      return spanContext()
    }
    expect(context.with(trace.setSpan(context.active(), failing), () => call(() => 'result'))).toBe('result')
    expect([spans.length, contained.length]).toEqual([0, 1])
  })

  it('keeps all its globals as they are', () => {
    const key = Symbol.for('opentelemetry.js.api.1')
    const before = { ...(globalThis as Record<symbol, object>)[key] }
    traced().call(() => {})
    expect({ ...(globalThis as Record<symbol, object>)[key] }).toEqual(before)
  })
})
