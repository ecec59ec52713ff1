import type { Context, ContextManager, Span } from '@opentelemetry/api'
import { isValidSpanContext } from './span-context.ts'

/**
 * The application's own OpenTelemetry, found where every 1.x copy of its API keeps its globals. Read from the slot
 * itself, since a bundled copy of the API ignores an older one.
 *
 * @see https://github.com/open-telemetry/opentelemetry-js/blob/main/api/src/internal/global-utils.ts
 */
const GLOBALS = Symbol.for('opentelemetry.js.api.1')
/** The key under which a context holds its active span, the same symbol in every copy of the API. */
const ACTIVE_SPAN = Symbol.for('OpenTelemetry Context Key SPAN')

interface OpenTelemetryGlobals {
  readonly context?: ContextManager
}

/** The application's context manager, if it registered one. */
export function applicationContextManager(): ContextManager | undefined {
  return (globalThis as { [GLOBALS]?: OpenTelemetryGlobals })[GLOBALS]?.context
}

/** The span that is active in the application's own OpenTelemetry, if it has ids. */
export function applicationSpan(manager: ContextManager): Span | undefined {
  try {
    const span = manager.active().getValue(ACTIVE_SPAN) as Span | undefined
    return span !== undefined && isValidSpanContext(span.spanContext()) ? span : undefined
  } catch {
    // A context manager that fails is the application's own trouble; ours goes on without it.
    return undefined
  }
}

/** Calls a function with a span as the active one of the application's own OpenTelemetry. */
export function runInApplication<T>(manager: ContextManager, span: Span, call: () => T): T {
  let active: Context
  try {
    active = manager.active().setValue(ACTIVE_SPAN, span)
  } catch {
    // The same.
    return call()
  }
  return manager.with(active, call)
}
