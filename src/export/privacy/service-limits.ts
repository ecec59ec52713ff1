import type { AttributeValue, WireSpan } from '../../transport/wire.ts'
import { OWN_ATTRIBUTES } from './builtin-vocabulary.ts'
import { mapTexts, type TextKind, type TextMapping } from './map-texts.ts'

/**
 * What Cloud Trace takes, in bytes of UTF-8; the whole request is refused otherwise.
 *
 * @see https://cloud.google.com/trace/docs/quotas
 */
const MOST_BYTES: { readonly [K in TextKind]: number } = {
  name: 1024,
  key: 512,
  value: 65_536,
  errorType: 1024,
  message: 65_536,
  stack: 65_536,
}
const MOST_EVENTS = 256
/** Not of the service: what OpenTelemetry takes by default. */
const MOST_ATTRIBUTES = 128
/** So that a value of numbers stays within the bytes of a value too. */
const MOST_ELEMENTS = MOST_BYTES.value / 8

const encoder = new TextEncoder()
const scratch = new Uint8Array(MOST_BYTES.value)
/** A UTF-16 code unit takes at most three bytes. */
const MOST_BYTES_A_UNIT = 3

/**
 * Keeps as many attributes, array elements and events as the service takes: the agent's own attributes, then the
 * first of the others; the error of the call, then the first of the recorded ones. Values that are none, as JSON leaves
 * behind for `NaN`, and attributes without a name are dropped.
 */
export function limitCounts(span: WireSpan): WireSpan {
  const events = MOST_EVENTS - (span.error ? 1 : 0)
  const attributes = limitAttributes(span.attributes)
  const tooMany = span.recorded !== undefined && span.recorded.length > events
  if (attributes === span.attributes && !tooMany) return span
  return { ...span, attributes, ...(span.recorded && { recorded: span.recorded.slice(0, events) }) }
}

/** Cuts every text to the bytes that the service takes, and makes it Unicode that protobuf can carry. */
export const SIZES: TextMapping = {
  text: (text, kind) => cutToBytes(text, MOST_BYTES[kind]),
  value: limitArray,
}

/** {@link SIZES}, applied to a span. */
export function limitSizes(span: WireSpan): WireSpan {
  return mapTexts(span, SIZES)
}

/**
 * Cuts a text at a character boundary.
 *
 * @param bytes most bytes in UTF-8, at most 64 KiB
 * @returns the longest beginning that fits and ends no surrogate pair in the middle; half pairs become U+FFFD
 */
export function cutToBytes(text: string, bytes: number): string {
  if (text.length * MOST_BYTES_A_UNIT <= bytes) return wellFormed(text)
  const { read } = encoder.encodeInto(text, scratch.subarray(0, bytes))
  return wellFormed(text.slice(0, read))
}

function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed()
}

function limitAttributes(attributes: WireSpan['attributes']): WireSpan['attributes'] {
  const keys = Object.keys(attributes)
  if (keys.length <= MOST_ATTRIBUTES && keys.every((key) => key !== '' && isWithin(attributes[key])))
    return attributes
  const present = Object.entries(attributes).filter(([key, value]) => key !== '' && isValue(value))
  const own = present.filter(([key]) => OWN_ATTRIBUTES.has(key))
  const others = present.filter(([key]) => !OWN_ATTRIBUTES.has(key)).slice(0, MOST_ATTRIBUTES - own.length)
  return Object.fromEntries(
    [...own, ...others].map(([key, value]) => [key, Array.isArray(value) ? limitElements(value) : value]),
  )
}

/** Whether a value stays as it is. */
function isWithin(value: unknown): boolean {
  if (!Array.isArray(value)) return isScalar(value)
  const kind = typeof value[0]
  return value.length <= MOST_ELEMENTS && value.every((one) => isScalar(one) && typeof one === kind)
}

function isValue(value: unknown): boolean {
  return Array.isArray(value) || isScalar(value)
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

/** An array is of one kind, its first element's; what is of another kind goes. */
function limitElements(values: readonly unknown[]): AttributeValue {
  const [first] = values
  if (!isScalar(first)) return []
  const alike = values.slice(0, MOST_ELEMENTS).filter((value) => typeof value === typeof first)
  return alike as string[] | number[] | boolean[]
}

/** The strings of an array share the bytes of one value; what has no room any more is left out. */
function limitArray(value: AttributeValue): AttributeValue {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return value
  const kept: string[] = []
  let left = MOST_BYTES.value
  for (const text of value as string[]) {
    const fitting = cutToBytes(text, left)
    if (fitting === '' && text !== '') break
    kept.push(fitting)
    left -= Buffer.byteLength(fitting)
  }
  const isSame = kept.length === value.length && kept.every((text, index) => text === value[index])
  return isSame ? value : kept
}
