import { createReadStream, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type * as Readline from 'node:readline'
import type { AttributeValue, LinkedSpan } from '../index.ts'

interface KeyValue {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

interface StoredSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes?: readonly KeyValue[]
}

interface StoredLine {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly StoredSpan[] }[]
  }[]
}

const NANOSECONDS = 1_000_000

/**
 * Reads the spans of one trace that local mode wrote.
 *
 * @param folder the state folder
 * @param traceId 32 hex digits
 * @returns by start; empty if there are none
 */
export async function readLocalTrace(folder: string, traceId: string): Promise<LinkedSpan[]> {
  const traces = join(folder, 'traces')
  const found: LinkedSpan[] = []
  // Loaded here, as it brings the streams of Node with it.
  const { createInterface } = createRequire(import.meta.url)('node:readline') as typeof Readline
  for (const file of filesIn(traces)) {
    for await (const line of createInterface({ input: createReadStream(join(traces, file)) })) {
      // Most lines hold other traces, and parsing is what takes time.
      if (line.includes(traceId)) found.push(...spansOf(line, traceId))
    }
  }
  return found.toSorted((a, b) => a.start - b.start)
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    // Nothing was written yet.
    return []
  }
}

function spansOf(line: string, traceId: string): LinkedSpan[] {
  try {
    const { resourceSpans } = JSON.parse(line) as StoredLine
    return resourceSpans
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
      .filter((span) => span.traceId === traceId)
      .map(linkedSpan)
  } catch {
    // The last line of a file that is being written.
    return []
  }
}

function linkedSpan(span: StoredSpan): LinkedSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    sampled: true,
    parentSpanId: span.parentSpanId || undefined,
    name: span.name,
    start: Number(span.startTimeUnixNano) / NANOSECONDS,
    end: Number(span.endTimeUnixNano) / NANOSECONDS,
    attributes: Object.fromEntries(
      (span.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0] as AttributeValue]),
    ),
  }
}
