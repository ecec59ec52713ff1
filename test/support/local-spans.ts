import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A span of the local trace files, as OTLP/JSON has it but for the attributes. */
export interface LocalSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly name: string
  /** Nanoseconds since 1970, as text. */
  readonly startTimeUnixNano: string
  readonly status: { readonly code?: number; readonly message?: string }
  readonly attributes: Readonly<Record<string, unknown>>
  readonly resource: Readonly<Record<string, unknown>>
  readonly events: readonly {
    readonly name: string
    readonly attributes: Readonly<Record<string, unknown>>
  }[]
}

interface KeyValue {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

interface RequestLine {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] }
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<LocalSpan, 'attributes' | 'resource' | 'events'> & {
        readonly attributes: readonly KeyValue[]
        readonly events?: readonly { readonly name: string; readonly attributes: readonly KeyValue[] }[]
      })[]
    }[]
  }[]
}

/** Reads the spans that local mode wrote below a state folder. */
export function readLocalSpans(stateFolder: string): LocalSpan[] {
  const folder = join(stateFolder, 'traces')
  if (!existsSync(folder)) return []
  const lines = readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean),
  )
  return lines.flatMap((line) =>
    (JSON.parse(line) as RequestLine).resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) =>
        spans.map((span) => ({
          ...span,
          parentSpanId: span.parentSpanId || undefined,
          attributes: record(span.attributes),
          resource: record(resource.attributes),
          events: (span.events ?? []).map((event) => ({
            name: event.name,
            attributes: record(event.attributes),
          })),
        })),
      ),
    ),
  )
}

function record(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}
