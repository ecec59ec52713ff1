import { join } from 'node:path'
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer'
import { messageOf } from '../../shared/errors.ts'
import type { WireSpan } from '../../transport/wire.ts'
import { exportFailure } from './export-failure.ts'
import type { Exporter, ResourceInput } from './exporter.ts'
import { readableSpan } from './readable-span.ts'
import { spanSources } from './span-source.ts'
import { createTraceFiles, type TraceFilesLimits } from './trace-files.ts'

const MEGABYTE = 1024 * 1024
/** A folder that cannot be written is not mended within seconds; a process that ends does not wait for it. */
const RETRY_AFTER_MS = 10_000
const LIMITS: TraceFilesLimits = { fileBytes: 10 * MEGABYTE, totalBytes: 50 * MEGABYTE, files: 500 }

/** What the exporter needs. */
export interface LocalOptions {
  /** Absolute; the files lie in `traces` inside it. */
  readonly stateFolder: string
  readonly resource: ResourceInput
  /** Default: 10 MB a file, 50 MB and 500 files together. */
  readonly limits?: TraceFilesLimits
}

/**
 * Writes spans to bounded files on this machine, each request one line of OTLP/JSON.
 *
 * @param options folder and bounds
 * @see https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/
 */
export function createLocalExporter(options: LocalOptions): Exporter {
  const folder = join(options.stateFolder, 'traces')
  const sourceOf = spanSources(options.resource)
  const encode = (spans: readonly WireSpan[]): Uint8Array | undefined =>
    JsonTraceSerializer.serializeRequest(spans.map((span) => readableSpan(span, sourceOf(span))))
  const files = createTraceFiles(folder, options.limits ?? LIMITS)
  return {
    name: 'local',
    async encode(spans) {
      const body = encode(spans) ?? new Uint8Array()
      return {
        to: folder,
        type: 'a line of OTLP/JSON',
        body,
        readable: JSON.parse(new TextDecoder().decode(body)),
      }
    },
    async send(spans) {
      try {
        const line = encode(spans)
        if (line) files.append(line)
        return { status: 'accepted' }
      } catch (thrown) {
        return exportFailure(
          'unknown',
          true,
          `traces cannot be written to "${folder}": ${messageOf(thrown)}`,
          RETRY_AFTER_MS,
        )
      }
    },
    close: async () => files.close(),
  }
}
