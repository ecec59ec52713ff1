import { dirname, resolve } from 'node:path'
import { packageOf } from '../shared/package-of.ts'
import type { ProcessFacts } from '../transport/wire.ts'

/**
 * Reads what is recorded about this process: no host name, command line, path or user name is among it.
 *
 * @param script the program as it was named, `process.argv[1]`
 */
export function readProcessFacts(script: string | undefined): ProcessFacts {
  return {
    serviceVersion: script === undefined ? undefined : packageOf(dirname(resolve(script)))?.version,
    nodeVersion: process.versions.node,
    osType: process.platform === 'win32' ? 'windows' : process.platform,
  }
}
