import type { WireSpan } from '../../transport/wire.ts'

/** A file of the journal while this process has to do with it. */
export interface Segment {
  readonly path: string
  /** Open while this process appends spans to it. */
  descriptor: number | undefined
  /** Recorded by the span queue that this thread serves, not by another process. */
  readonly own: boolean
  /** How many numbers are taken. */
  count: number
  /** How many of them still need something. */
  unsettled: number
  /** Numbers of unsettled spans that are not in memory. */
  readonly parked: Set<number>
}

/** Where each span in memory stands on disk. */
export interface SpanPlaces {
  /** A span in memory is that number of that segment. */
  put(span: WireSpan, segment: Segment, number: number): void
  has(span: WireSpan): boolean
  /** Which numbers spans have, by segment. */
  find(spans: readonly WireSpan[]): Map<Segment, number[]>
  /** Forgets spans, and says which numbers they had, by segment. */
  take(spans: readonly WireSpan[]): Map<Segment, number[]>
}

/** Makes an empty one. */
export function createSpanPlaces(): SpanPlaces {
  const places = new Map<WireSpan, { readonly segment: Segment; readonly number: number }>()

  function find(spans: readonly WireSpan[]): Map<Segment, number[]> {
    const numbers = new Map<Segment, number[]>()
    for (const span of spans) {
      const place = places.get(span)
      if (!place) continue
      const known = numbers.get(place.segment)
      if (known) known.push(place.number)
      else numbers.set(place.segment, [place.number])
    }
    return numbers
  }

  return {
    put: (span, segment, number) => void places.set(span, { segment, number }),
    has: (span) => places.has(span),
    find,
    take(spans) {
      const numbers = find(spans)
      for (const span of spans) places.delete(span)
      return numbers
    },
  }
}

/** The runs of consecutive numbers among some numbers, each once. */
export function runsOf(numbers: readonly number[]): (readonly [first: number, last: number])[] {
  const runs: [number, number][] = []
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last && number === last[1] + 1) last[1] = number
    else runs.push([number, number])
  }
  return runs
}
