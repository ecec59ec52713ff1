import type { AttributeValue, WireSpan } from '../../transport/wire.ts'
import { BUILTIN_OPERATIONS, BUILTIN_SPAN_NAMES } from './builtin-vocabulary.ts'
import { publicErrorType } from './public-error-type.ts'
import { createPublicTraceId } from './public-trace-id.ts'

/**
 * A published version: digits, and at most a pre-release word that everybody uses. Other pre-release words and build
 * metadata (`2.0.0-acme-internal+jane`) are free text, and a version that has them is not recorded.
 */
const PUBLISHED_VERSION =
  /^\d{1,5}\.\d{1,5}\.\d{1,5}(?:-(?:alpha|beta|rc|next|canary|dev|pre|preview|nightly|snapshot)(?:\.\d{1,8})?)?$/

/**
 * Public mode: builds a new span out of what is on the list, so that a field nobody thought of stays behind by itself.
 *
 * On the list: spans of the built-in target under their built-in names; ids, times, whether the call failed; the class
 * of the error where the class is everybody's; `operation` with the built-in values, a published `zen.version`,
 * `zen.incomplete`. A parent that is not the agent's own is not named, and traces get ids of their own.
 *
 * @param salt random bytes, see {@link createPublicTraceId}
 * @returns a filter; its undefined means that the span must not leave
 */
export function createPublicAllowList(salt: Uint8Array): (span: WireSpan) => WireSpan | undefined {
  const publicTraceId = createPublicTraceId(salt)
  return (span) => {
    if (span.origin !== 'builtin' || !BUILTIN_SPAN_NAMES.has(span.name)) return undefined
    return {
      traceId: publicTraceId(span.traceId),
      spanId: span.spanId,
      ...(span.parentSpanId !== undefined && !span.parentIsRemote && { parentSpanId: span.parentSpanId }),
      name: span.name,
      start: span.start,
      end: span.end,
      origin: 'builtin',
      attributes: publicAttributes(span.attributes),
      ...(span.error && { error: { type: publicErrorType(span.error.type) } }),
      ...(span.incomplete && { incomplete: true }),
    }
  }
}

function publicAttributes(attributes: WireSpan['attributes']): Record<string, AttributeValue> {
  const { operation, 'zen.version': version, 'zen.incomplete': incomplete } = attributes
  return {
    ...(typeof operation === 'string' && BUILTIN_OPERATIONS.has(operation) && { operation }),
    ...(typeof version === 'string' && PUBLISHED_VERSION.test(version) && { 'zen.version': version }),
    ...(incomplete === true && { 'zen.incomplete': true }),
  }
}
