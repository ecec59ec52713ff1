import { createHash } from 'node:crypto'
import type { Config } from '../../config/config.ts'
import { endpointUrl } from '../../config/endpoint.ts'
import type { Environment } from '../../config/load-config.ts'
import type { Destination } from './destination.ts'
import { otlpEndpoints } from './otlp-endpoints.ts'
import { readOtlpEnvironment } from './otlp-environment.ts'

/** They say who sends, and change while the destination stays; other headers may name a tenant. */
const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization'])

/**
 * A text that is equal for destinations that are equal: a span that was recorded for one may be sent to the other. Holds
 * no secret, so that it can be written to disk and shown.
 *
 * @param destination where spans go; not local
 * @param config exporter and endpoints
 * @param environment the standard variables of OTLP
 */
export function destinationIdentity(
  destination: Exclude<Destination, { mode: 'local' }>,
  config: Pick<Config, 'exporter' | 'endpoints'>,
  environment: Environment,
): string {
  const project = destination.projectId === undefined ? '' : `project ${destination.projectId} at `
  if (destination.mode === 'public') return `${project}Google`
  const { settings } = readOtlpEnvironment(environment)
  const otlp = config.exporter === 'otlp'
  if (config.endpoints.length === 0 && !(otlp && settings.url !== undefined)) return `${project}Google`
  const endpoints = otlp ? otlpEndpoints(config, settings) : config.endpoints
  const hosts = endpoints.map((endpoint) => endpointUrl(endpoint)?.host ?? '').join(', ')
  const headers = Object.entries(otlp ? settings.headers : {})
    .filter(([name]) => !CREDENTIAL_HEADERS.has(name.toLowerCase()))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  // Paths, user names and headers may be secret: only whether they are the same counts.
  const rest = createHash('sha256')
    .update(JSON.stringify([endpoints, headers]))
    .digest('hex')
    .slice(0, 8)
  return `${project}${hosts} (${rest})`
}
