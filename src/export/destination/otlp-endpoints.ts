import type { Config } from '../../config/config.ts'
import { endpointUrl } from '../../config/endpoint.ts'
import type { OtlpSettings } from './otlp-environment.ts'

/** Google's own OTLP endpoint. */
export const GOOGLE_OTLP_URL = 'https://telemetry.googleapis.com/v1/traces'

/**
 * Where OTLP requests are posted, in the order they are tried: `ZEN_TELEMETRY_ENDPOINT`, else the standard variables,
 * else Google. A URL without a path gets `/v1/traces`.
 *
 * @param config `endpoints` counts
 * @param settings of the standard variables; without them, give `NO_OTLP_SETTINGS`
 */
export function otlpEndpoints(config: Pick<Config, 'endpoints'>, settings: OtlpSettings): readonly string[] {
  if (config.endpoints.length > 0) return config.endpoints.map(withPath)
  return [settings.url ?? GOOGLE_OTLP_URL]
}

function withPath(endpoint: string): string {
  const url = endpointUrl(endpoint)
  if (!url) return endpoint
  if (url.pathname === '/') url.pathname = '/v1/traces'
  return url.href
}
