import type { WireSpan } from '../../transport/wire.ts'

const TRACE_ID = /^[0-9a-f]{32}$/
const SPAN_ID = /^[0-9a-f]{16}$/
const ORIGINS: ReadonlySet<unknown> = new Set(['builtin', 'configured', 'code'])

/** Whether what was read from a disk is a span that exporters can take as it is. */
export function isWireSpan(value: unknown): value is WireSpan {
  if (!isRecord(value)) return false
  const { traceId, spanId, parentSpanId, parentIsRemote, name, start, end, origin } = value
  const { attributes, error, recorded, incomplete } = value
  return (
    matches(TRACE_ID, traceId) &&
    matches(SPAN_ID, spanId) &&
    (parentSpanId === undefined || matches(SPAN_ID, parentSpanId)) &&
    isFlag(parentIsRemote) &&
    typeof name === 'string' &&
    isTime(start) &&
    isTime(end) &&
    ORIGINS.has(origin) &&
    isRecord(attributes) &&
    Object.values(attributes).every(isAttribute) &&
    (error === undefined || isError(error)) &&
    (recorded === undefined ||
      (Array.isArray(recorded) && recorded.every((item) => isError(item) && isTime(item['at'])))) &&
    isFlag(incomplete)
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value)
}

function isFlag(value: unknown): boolean {
  return value === undefined || value === true
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isAttribute(value: unknown): boolean {
  if (!Array.isArray(value)) return isScalar(value)
  return value.every((item) => isScalar(item) && typeof item === typeof value[0])
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

function isError(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false
  const { type, message, stack } = value
  return (
    typeof type === 'string' &&
    (message === undefined || typeof message === 'string') &&
    (stack === undefined || typeof stack === 'string')
  )
}
