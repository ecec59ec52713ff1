import type { AttributeValue, SpanOrigin } from '../transport/wire.ts'

/** What every span of one method has in common. */
export interface SpanTemplate {
  readonly name: string
  readonly origin: SpanOrigin
  readonly attributes: Readonly<Record<string, AttributeValue>>
  /** What it returns may say what it cost. */
  readonly linksCost?: boolean
}

const RATE_ATTRIBUTE = 'sampling.rate'

/** Of each template the text for the rate it was asked for last: a rate changes once a minute, if at all. */
const PREPARED = new WeakMap<SpanTemplate, { readonly rate: number | undefined; readonly text: Uint8Array }>()

/**
 * The text of {@link PlainSpan} for spans that only have what their method gives them.
 *
 * @param samplingRate of the trace, 0 to 1; undefined: not known
 */
export function preparedText(template: SpanTemplate, samplingRate: number | undefined): Uint8Array {
  let prepared = PREPARED.get(template)
  if (prepared === undefined || prepared.rate !== samplingRate) {
    const { name, origin } = template
    const json = JSON.stringify({ name, origin, attributes: withRate(template.attributes, samplingRate) })
    prepared = { rate: samplingRate, text: Buffer.from(json.slice(1)) }
    PREPARED.set(template, prepared)
  }
  return prepared.text
}

/** The attributes as they are sent: with the rate, which the agent alone may state. */
export function withRate(
  attributes: SpanTemplate['attributes'],
  samplingRate: number | undefined,
): SpanTemplate['attributes'] {
  return samplingRate === undefined ? attributes : { ...attributes, [RATE_ATTRIBUTE]: samplingRate }
}
