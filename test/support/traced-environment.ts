import { tmpdir } from 'node:os'
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The environment of a machine with neither a project nor Google's metadata server, every call sampled, state in a
 * folder of its own.
 */
export function localEnvironment(): Record<string, string> & { readonly ZEN_TELEMETRY_DIR: string } {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: mkdtempSync(join(tmpdir(), 'home-')),
    GCE_METADATA_HOST: '127.0.0.1:1',
    ZEN_TELEMETRY_SAMPLE_RATE: '1',
    ZEN_TELEMETRY_DIR: mkdtempSync(join(tmpdir(), 'state-')),
  }
}
