import type { Config } from '../../config/config.ts'
import { isGoogleEndpoint } from '../../config/endpoint.ts'
import type { Environment } from '../../config/load-config.ts'
import { CLOUD_TRACE_ENDPOINT } from '../../export/destination/google-endpoints.ts'
import { otlpEndpoints } from '../../export/destination/otlp-endpoints.ts'
import { readOtlpEnvironment } from '../../export/destination/otlp-environment.ts'

/** Where spans are sent, in the order that is tried; Google's own last resort is not among it. */
export function configuredEndpoints(config: Config, environment: Environment): readonly string[] {
  if (config.exporter === 'otlp') return otlpEndpoints(config, readOtlpEnvironment(environment).settings)
  return config.endpoints.length > 0 ? config.endpoints : [CLOUD_TRACE_ENDPOINT]
}

/** Whether Google's credentials are of any use: they go to Google's endpoints alone. */
export function needsGoogle(config: Config, environment: Environment): boolean {
  return configuredEndpoints(config, environment).some(isGoogleEndpoint)
}
