import type { AttributeValue } from '../transport/wire.ts'

const MOST_ATTRIBUTES = 128

type Attributes = Readonly<Record<string, AttributeValue>>

/** The attributes of one span: those of its method, until the application adds some of its own. */
export class SpanAttributes {
  readonly #values: Record<string, AttributeValue>
  #count: number

  /** @param shared those of the method, which are copied */
  constructor(shared: Attributes) {
    this.#values = { ...shared }
    this.#count = Object.keys(shared).length
  }

  get values(): Attributes {
    return this.#values
  }

  /** Sets one, if it is what OpenTelemetry allows; beyond 128, only known keys change. */
  set(key: string, value: unknown): void {
    if (typeof key !== 'string' || key === '' || !isAttributeValue(value)) return
    if (!Object.hasOwn(this.#values, key) && this.#count++ >= MOST_ATTRIBUTES) return
    // What the application does to its array later is its own affair.
    this.#values[key] = (Array.isArray(value) ? [...(value as unknown[])] : value) as AttributeValue
  }
}

function isAttributeValue(value: unknown): boolean {
  if (!Array.isArray(value)) return isPrimitive(value)
  const kind = typeof value[0]
  return value.every((item) => isPrimitive(item) && typeof item === kind)
}

function isPrimitive(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}
