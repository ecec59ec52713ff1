import type { OtlpAttribute, OtlpValue } from './trace-span.ts'

/** What an attribute may hold. */
export type PlainValue = string | number | boolean | readonly PlainValue[]

/** Attributes of OTLP/JSON by name. */
export function attributeValues(
  attributes: readonly OtlpAttribute[] | undefined,
): Readonly<Record<string, PlainValue>> {
  return Object.fromEntries((attributes ?? []).map(({ key, value }) => [key, plainValue(value)]))
}

function plainValue(value: OtlpValue): PlainValue {
  const { stringValue, boolValue, intValue, doubleValue, arrayValue } = value
  if (intValue !== undefined) return Number(intValue)
  if (arrayValue !== undefined) return (arrayValue.values ?? []).map(plainValue)
  return stringValue ?? boolValue ?? doubleValue ?? ''
}
