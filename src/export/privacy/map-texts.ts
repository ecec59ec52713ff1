import type { AttributeValue, WireError, WireSpan } from '../../transport/wire.ts'

/** What kind of text of a span is looked at; each has a limit of its own. */
export type TextKind = 'name' | 'key' | 'value' | 'errorType' | 'message' | 'stack'

/** The places of a span where text of the application can be. */
export interface TextMapping {
  readonly text: (text: string, kind: TextKind) => string
  /** Numbers and arrays; `text` has been applied to the strings inside. */
  readonly value: (value: Exclude<AttributeValue, string>) => AttributeValue
}

type MapText = TextMapping['text']

/** Two mappings, one after the other, so that a span is gone through once. */
export function inTurn(first: TextMapping, second: TextMapping): TextMapping {
  return {
    text: (text, kind) => second.text(first.text(text, kind), kind),
    value(value) {
      const mapped = first.value(value)
      return typeof mapped === 'string' ? second.text(mapped, 'value') : second.value(mapped)
    },
  }
}

/**
 * Rewrites every text of a span: name, attribute names and values, error types, messages and stacks. Of two attributes
 * whose names became the same, the first stays.
 *
 * @returns the very same span where nothing changes, as in most: a copy of each would be garbage at once
 */
export function mapTexts(span: WireSpan, mapping: TextMapping): WireSpan {
  const { text } = mapping
  const name = text(span.name, 'name')
  const attributes = mapAttributes(span.attributes, mapping)
  const error = span.error && mapError(span.error, text)
  const recorded = span.recorded && mapEach(span.recorded, (one) => mapError(one, text))
  const isSame =
    name === span.name && attributes === span.attributes && error === span.error && recorded === span.recorded
  if (isSame) return span
  return { ...span, name, attributes, ...(error && { error }), ...(recorded && { recorded }) }
}

function mapError<T extends WireError>(error: T, text: MapText): T {
  const type = text(error.type, 'errorType')
  const message = error.message === undefined ? undefined : text(error.message, 'message')
  const stack = error.stack === undefined ? undefined : text(error.stack, 'stack')
  if (type === error.type && message === error.message && stack === error.stack) return error
  return {
    ...error,
    type,
    ...(message !== undefined && { message }),
    ...(stack !== undefined && { stack }),
  }
}

function mapAttributes(attributes: WireSpan['attributes'], mapping: TextMapping): WireSpan['attributes'] {
  const keys = Object.keys(attributes)
  let mapped: Map<string, AttributeValue> | undefined
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!
    const value = attributes[key]!
    const newKey = mapping.text(key, 'key')
    const newValue = mapValue(value, mapping)
    if (!mapped) {
      if (newKey === key && newValue === value) continue
      mapped = new Map(keys.slice(0, index).map((unchanged) => [unchanged, attributes[unchanged]!]))
    }
    if (!mapped.has(newKey)) mapped.set(newKey, newValue)
  }
  // Not by assignment: a key `__proto__` would become the prototype.
  return mapped ? Object.fromEntries(mapped) : attributes
}

function mapValue(value: AttributeValue, { text, value: other }: TextMapping): AttributeValue {
  if (typeof value === 'string') return text(value, 'value')
  return other(isStrings(value) ? mapEach(value, (element) => text(element, 'value')) : value)
}

/** @returns the very same array where nothing changes */
function mapEach<T>(given: readonly T[], map: (one: T) => T): T[] {
  const mapped = given.map(map)
  return mapped.some((one, index) => one !== given[index]) ? mapped : (given as T[])
}

function isStrings(value: AttributeValue): value is string[] {
  return Array.isArray(value) && typeof value[0] === 'string'
}
