import { join } from 'node:path'
import { parseRequestLine } from './parse-request-line.ts'
import { readTraceFile, traceFileNames } from './trace-file.ts'
import type { TraceSpan } from './trace-span.ts'

/**
 * Reads the files that local mode writes, oldest first.
 *
 * @param stateFolder what `stateFolder` gives
 * @returns all their spans; none where nothing was written
 */
export function readTraceFiles(stateFolder: string): TraceSpan[] {
  const folder = join(stateFolder, 'traces')
  return traceFileNames(folder)
    .flatMap((name) => readTraceFile(join(folder, name), 0).lines)
    .flatMap((line) => parseRequestLine(line))
}
