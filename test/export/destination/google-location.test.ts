import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { googleLocation } from '../../../src/export/destination/google-location.ts'

const ROOT = '/computeMetadata/v1/instance/'
let server: Server | undefined
afterEach(() => void server?.close())

/** A metadata server that knows these entries. */
async function knowing(entries: Record<string, string>, flavor = 'Google') {
  server = createServer((request, response) => {
    const entry = entries[request.url?.slice(ROOT.length) ?? '']
    response.setHeader('Metadata-Flavor', flavor)
    response.writeHead(entry === undefined ? 404 : 200).end(entry ?? 'Not found')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server!.once('listening', resolve))
  return { GCE_METADATA_HOST: `127.0.0.1:${(server.address() as AddressInfo).port}` }
}

describe('the location of metrics', () => {
  it('is the zone of a machine', async () => {
    const environment = await knowing({ zone: 'projects/123456789012/zones/us-central1-a' })
    expect(await googleLocation(environment)).toEqual({ 'cloud.availability_zone': 'us-central1-a' })
  })

  it('is the region where there is one, as the zone of Cloud Run is none', async () => {
    const zone = 'projects/123456789012/zones/europe-west1-1'
    const environment = await knowing({ region: 'projects/123456789012/regions/europe-west1', zone })
    expect(await googleLocation(environment)).toEqual({ 'cloud.region': 'europe-west1' })
  })

  it('is what the standard variable says, before all', async () => {
    const environment = await knowing({ zone: 'projects/123456789012/zones/us-central1-a' })
    const OTEL_RESOURCE_ATTRIBUTES = 'deployment.environment.name=staging,cloud.region=asia-east1'
    expect(await googleLocation({ ...environment, OTEL_RESOURCE_ATTRIBUTES })).toEqual({
      'cloud.region': 'asia-east1',
    })
  })

  it.each([
    ['nobody is there', async () => ({ GCE_METADATA_HOST: '127.0.0.1:1' })],
    ['it is the server of another cloud', () => knowing({ zone: 'eu-1' }, 'Other')],
    ['it does not know either', () => knowing({ zone: '<html>' })],
    [
      'nobody is to be asked',
      async () => ({ ...(await knowing({ zone: 'z-1' })), METADATA_SERVER_DETECTION: 'none' }),
    ],
  ])('is unknown where %s', async (_, environment) => {
    expect(await googleLocation(await environment())).toBeUndefined()
  })
})
