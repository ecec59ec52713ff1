import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTraceFiles } from '../traces/read-trace-files.ts'
import type { TraceSpan } from '../traces/trace-span.ts'
import { measureProgram } from './measure-program.ts'

/** Variables that would lead spans elsewhere than to the files that are read afterwards. */
const LOCAL = { ZEN_TELEMETRY_EXPORTER: 'local', ZEN_TELEMETRY_LOG_LEVEL: 'none' } as const

/**
 * Runs a program with its spans in files of their own, and reads them: nothing leaves the machine.
 *
 * @param command the program
 * @param environment what it is started with, the agent included
 * @param cwd its folder
 */
export async function runLocally(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<TraceSpan[]> {
  const folder = mkdtempSync(join(tmpdir(), 'zen-telemetry-validate-'))
  try {
    await measureProgram(command, { ...environment, ...LOCAL, ZEN_TELEMETRY_DIR: folder }, cwd)
    return readTraceFiles(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
