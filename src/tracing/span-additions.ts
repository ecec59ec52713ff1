import type { SpanStatus } from '@opentelemetry/api'
import type { WireError, WireSpan } from '../transport/wire.ts'
import { describeError } from './describe-error.ts'
import { SpanAttributes } from './span-attributes.ts'

const MOST_RECORDED = 64
const STATUS_ERROR = 2

type Added = Pick<WireSpan, 'name' | 'attributes' | 'error' | 'recorded' | 'incomplete'>

/** What was added to one span: by the application, or because it failed. Most spans have none. */
export class SpanAdditions {
  name: string | undefined
  /** What was thrown. Of the application, and not read before it has to be. */
  thrown: { readonly value: unknown } | undefined
  /** The process ended first. */
  incomplete = false
  #stated: WireError | undefined
  #attributes: SpanAttributes | undefined
  #recorded: (WireError & { at: number })[] | undefined

  /** The failure that the application has stated. */
  get stated(): WireError | undefined {
    return this.#stated
  }

  /** @param shared those of the method */
  setAttribute(shared: WireSpan['attributes'], key: string, value: unknown): void {
    this.#attributes ??= new SpanAttributes(shared)
    this.#attributes.set(key, value)
  }

  setStatus({ code, message }: SpanStatus): void {
    this.#stated =
      code === STATUS_ERROR
        ? { type: this.#stated?.type ?? 'Error', ...(message ? { message } : {}) }
        : undefined
  }

  /** @param at milliseconds since 1970 */
  record(exception: unknown, at: number): void {
    const recorded = (this.#recorded ??= [])
    if (recorded.length < MOST_RECORDED) recorded.push({ ...describeError(exception), at })
  }

  toWire(): Partial<Added> {
    const error = this.thrown ? describeError(this.thrown.value) : this.#stated
    return {
      ...(this.name !== undefined && { name: this.name }),
      ...(this.#attributes && { attributes: this.#attributes.values }),
      ...(error && { error }),
      ...(this.#recorded && { recorded: this.#recorded }),
      ...(this.incomplete && { incomplete: true }),
    }
  }
}
