import { parseKeyPairsIntoRecord } from '@opentelemetry/core'
import type { Environment } from '../../config/load-config.ts'
import { askMetadataServer, metadataUrl } from './metadata-server.ts'

/** Resource attributes that Google takes the location of metrics from, best first. */
const ATTRIBUTES = ['location', 'cloud.availability_zone', 'cloud.region'] as const
const BUDGET_MS = 1_000
/** Cloud Run and App Engine know a region, whose zone is none that is valid; machines know their zone. */
const ENTRIES = [
  ['instance/region', 'cloud.region'],
  ['instance/zone', 'cloud.availability_zone'],
] as const
/** `projects/123456789012/zones/us-central1-a`, or the last part alone. */
const NAME = /(?:^|\/)([a-z][a-z0-9-]{1,40})$/

/**
 * Where this process runs, as resource attributes: what `OTEL_RESOURCE_ATTRIBUTES` says of it, else what the metadata
 * server does. Never rejects.
 *
 * @returns undefined where nobody knows
 * @see https://cloud.google.com/stackdriver/docs/reference/telemetry/v1.metrics
 */
export async function googleLocation(environment: Environment): Promise<Record<string, string> | undefined> {
  const named = parseKeyPairsIntoRecord(environment['OTEL_RESOURCE_ATTRIBUTES'])
  const given = ATTRIBUTES.flatMap((name) => (named[name] ? [[name, named[name]] as const] : []))
  if (given.length > 0) return Object.fromEntries(given)

  const budget = AbortSignal.timeout(BUDGET_MS)
  for (const [path, attribute] of ENTRIES) {
    const url = metadataUrl(environment, path)
    if (url === undefined || environment['METADATA_SERVER_DETECTION']?.trim().toLowerCase() === 'none')
      return undefined
    // oxlint-disable-next-line no-await-in-loop -- the second is asked only where the first is not known
    const reply = await askMetadataServer(url, budget)
    if (reply.kind === 'silence' || !reply.google) return undefined
    const [, name] = (reply.status === 200 && NAME.exec(reply.body.trim())) || []
    if (name !== undefined) return { [attribute]: name }
  }
  return undefined
}
