import type { AttributeValue, WireError, WireSpan } from '../../transport/wire.ts'

/** What kind of text of a span is looked at; each has a limit of its own. */
export type TextKind = 'name' | 'key' | 'value' | 'errorType' | 'message' | 'stack'

/** The places of a span where text of the application can be. */
export interface TextMapping {
  readonly text: (text: string, kind: TextKind) => string
  /** Numbers and arrays; `text` has been applied to the strings inside. */
  readonly value?: (value: Exclude<AttributeValue, string>) => AttributeValue
}

/**
 * Rewrites every text of a span: name, attribute names and values, error types, messages and stacks. Of two attributes
 * whose names became the same, the first stays.
 */
export function mapTexts(span: WireSpan, mapping: TextMapping): WireSpan {
  const { text } = mapping
  const error = <T extends WireError>(given: T): T => ({
    ...given,
    type: text(given.type, 'errorType'),
    ...(given.message !== undefined && { message: text(given.message, 'message') }),
    ...(given.stack !== undefined && { stack: text(given.stack, 'stack') }),
  })
  return {
    ...span,
    name: text(span.name, 'name'),
    attributes: mapAttributes(span.attributes, mapping),
    ...(span.error && { error: error(span.error) }),
    ...(span.recorded && { recorded: span.recorded.map(error) }),
  }
}

function mapAttributes(
  attributes: WireSpan['attributes'],
  { text, value: other }: TextMapping,
): Record<string, AttributeValue> {
  const mapped = new Map<string, AttributeValue>()
  for (const [key, value] of Object.entries(attributes)) {
    const newKey = text(key, 'key')
    if (mapped.has(newKey)) continue
    if (typeof value === 'string') {
      mapped.set(newKey, text(value, 'value'))
    } else {
      const inside = isStrings(value) ? value.map((element) => text(element, 'value')) : value
      mapped.set(newKey, other ? other(inside) : inside)
    }
  }
  // Not by assignment: a key `__proto__` would become the prototype.
  return Object.fromEntries(mapped)
}

function isStrings(value: AttributeValue): value is string[] {
  return Array.isArray(value) && typeof value[0] === 'string'
}
