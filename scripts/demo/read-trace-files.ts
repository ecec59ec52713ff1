import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DemoSpan } from './demo-span.ts'

const STATUS_ERROR = 2

interface Attribute {
  readonly key: string
  readonly value: { readonly stringValue?: string; readonly boolValue?: boolean }
}

interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly Attribute[]
  readonly status: { readonly code?: number }
}

interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[]
  }[]
}

/**
 * Reads the files that local mode writes: each line is one request of OTLP/JSON.
 *
 * @param stateFolder what `ZEN_TELEMETRY_DIR` was set to
 */
export function readTraceFiles(stateFolder: string): DemoSpan[] {
  const folder = join(stateFolder, 'traces')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .toSorted()
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
    .filter(Boolean)
    .flatMap((line) => (JSON.parse(line) as OtlpRequest).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(demoSpan)))
}

function demoSpan(span: OtlpSpan): DemoSpan {
  const attribute = (key: string) => span.attributes.find((candidate) => candidate.key === key)?.value
  const failed = span.status.code === STATUS_ERROR
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId || undefined,
    name: span.name,
    start: milliseconds(span.startTimeUnixNano),
    end: milliseconds(span.endTimeUnixNano),
    errorType: failed ? (attribute('error.type')?.stringValue ?? 'Error') : undefined,
    incomplete: attribute('zen.incomplete')?.boolValue === true,
  }
}

/** Nanoseconds since 1970 are beyond what a number holds exactly; microseconds are not. */
function milliseconds(nanoseconds: string): number {
  return Number(BigInt(nanoseconds) / 1000n) / 1000
}
