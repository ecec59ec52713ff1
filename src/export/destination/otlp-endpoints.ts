import type { Config } from '../../config/config.ts'
import { endpointUrl } from '../../config/endpoint.ts'
import { GOOGLE_OTLP_URL } from './google-endpoints.ts'
import type { OtlpSettings } from './otlp-environment.ts'

/**
 * Where OTLP requests are posted, in the order they are tried: `ZEN_TELEMETRY_ENDPOINT`, else the standard variables,
 * else Google. A URL without a path gets `/v1/traces`.
 *
 * @param config `endpoints` counts
 * @param settings of the standard variables; without them, give `NO_OTLP_SETTINGS`
 */
export function otlpEndpoints(
  config: Pick<Config, 'endpoints'>,
  settings: OtlpSettings,
): readonly [string, ...string[]] {
  const [first, ...more] = config.endpoints.map(withPath)
  return first === undefined ? [settings.url ?? GOOGLE_OTLP_URL] : [first, ...more]
}

function withPath(endpoint: string): string {
  const url = endpointUrl(endpoint)
  if (!url) return endpoint
  if (url.pathname === '/') url.pathname = '/v1/traces'
  return url.href
}
