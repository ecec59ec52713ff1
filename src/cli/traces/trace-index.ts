import type { TraceSpan } from './trace-span.ts'

/** A trace as a list shows it. Changes as more of its spans come. */
export interface TraceEntry {
  readonly traceId: string
  /** Of its first root, or of its first span while the root is missing. */
  readonly name: string
  /** Milliseconds since 1970, with fractions. */
  readonly start: number
  readonly end: number
  readonly errors: number
  readonly incomplete: boolean
  readonly spans: readonly TraceSpan[]
}

/** What a trace must be like to be shown; what is undefined does not matter. */
export interface TraceFilter {
  /** Part of the name of any of its spans, of an error type, or of the trace id; upper and lower case are the same. */
  readonly text?: string | undefined
  readonly status?: 'ok' | 'error' | 'incomplete' | undefined
  /** Milliseconds. */
  readonly leastDuration?: number | undefined
  readonly mostDuration?: number | undefined
  /** The trace begins within these, in milliseconds since 1970. */
  readonly from?: number | undefined
  readonly to?: number | undefined
}

/** What comes first in a list. */
export type TraceOrder = 'newest' | 'slowest' | 'largest'

/** All traces that are known, by what one may look for. */
export interface TraceIndex {
  add(spans: readonly TraceSpan[]): void
  find(filter: TraceFilter, order: TraceOrder): TraceEntry[]
  get(traceId: string): TraceEntry | undefined
  readonly traceCount: number
  readonly spanCount: number
}

interface GrowingEntry {
  readonly traceId: string
  name: string
  start: number
  end: number
  errors: number
  incomplete: boolean
  readonly spans: TraceSpan[]
  rootStart: number
  /** Names and error types, each once. */
  readonly words: Set<string>
  /** All words in lower case; undefined when one has come since. */
  searchText: string | undefined
}

const ORDERS: Readonly<Record<TraceOrder, (a: GrowingEntry, b: GrowingEntry) => number>> = {
  newest: (a, b) => b.start - a.start,
  slowest: (a, b) => b.end - b.start - (a.end - a.start),
  largest: (a, b) => b.spans.length - a.spans.length,
}

/** Makes an empty index. A search looks at each trace once, at no span. */
export function createTraceIndex(): TraceIndex {
  const traces = new Map<string, GrowingEntry>()
  let spanCount = 0

  function add(spans: readonly TraceSpan[]): void {
    spanCount += spans.length
    for (const span of spans) {
      const known = traces.get(span.traceId)
      if (known) grow(known, span)
      else traces.set(span.traceId, grow(emptyEntry(span), span))
    }
  }

  function find(filter: TraceFilter, order: TraceOrder): TraceEntry[] {
    const text = filter.text?.trim().toLowerCase()
    const found: GrowingEntry[] = []
    for (const entry of traces.values()) {
      if (matches(entry, filter) && (!text || textOf(entry).includes(text))) found.push(entry)
    }
    return found.sort(ORDERS[order])
  }

  return {
    add,
    find,
    get: (traceId) => traces.get(traceId),
    get traceCount() {
      return traces.size
    },
    get spanCount() {
      return spanCount
    },
  }
}

function emptyEntry({ traceId, name, start, end }: TraceSpan): GrowingEntry {
  return {
    traceId,
    name,
    start,
    end,
    errors: 0,
    incomplete: false,
    spans: [],
    rootStart: Number.POSITIVE_INFINITY,
    words: new Set(),
    searchText: undefined,
  }
}

function grow(entry: GrowingEntry, span: TraceSpan): GrowingEntry {
  entry.spans.push(span)
  if (span.parentSpanId === undefined && span.start < entry.rootStart) {
    entry.rootStart = span.start
    entry.name = span.name
  } else if (entry.rootStart === Number.POSITIVE_INFINITY && span.start < entry.start) {
    entry.name = span.name
  }
  entry.start = Math.min(entry.start, span.start)
  entry.end = Math.max(entry.end, span.end)
  if (span.errorType !== undefined) entry.errors += 1
  if (span.incomplete) entry.incomplete = true
  const words = entry.words.size
  entry.words.add(span.name)
  if (span.errorType !== undefined) entry.words.add(span.errorType)
  if (entry.words.size !== words) entry.searchText = undefined
  return entry
}

function textOf(entry: GrowingEntry): string {
  return (entry.searchText ??= [...entry.words, entry.traceId].join('\n').toLowerCase())
}

function matches(entry: GrowingEntry, filter: TraceFilter): boolean {
  const duration = entry.end - entry.start
  return (
    matchesStatus(entry, filter.status) &&
    duration >= (filter.leastDuration ?? 0) &&
    duration <= (filter.mostDuration ?? Number.POSITIVE_INFINITY) &&
    entry.start >= (filter.from ?? 0) &&
    entry.start <= (filter.to ?? Number.POSITIVE_INFINITY)
  )
}

function matchesStatus(entry: GrowingEntry, status: TraceFilter['status']): boolean {
  if (status === undefined) return true
  if (status === 'incomplete') return entry.incomplete
  return entry.errors > 0 === (status === 'error')
}
