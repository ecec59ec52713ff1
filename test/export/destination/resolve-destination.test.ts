import { describe, expect, it } from 'vitest'
import { type Environment, loadConfig } from '../../../src/config/load-config.ts'
import type { ServiceAccountKey } from '../../../src/export/destination/community-key.ts'
import type { Destination } from '../../../src/export/destination/destination.ts'
import type { MetadataAnswer } from '../../../src/export/destination/metadata-project.ts'
import { resolveDestination } from '../../../src/export/destination/resolve-destination.ts'

const KEY: ServiceAccountKey = { clientEmail: 'a@b', privateKey: 'pem', privateKeyId: undefined }
const ABSENT: MetadataAnswer = { kind: 'absent' }
const UNDECIDED: MetadataAnswer = { kind: 'undecided', reason: 'it answered 503' }
const FOUND: MetadataAnswer = { kind: 'project', projectId: 'machine-project' }

async function resolve(
  environment: Environment,
  { metadata = ABSENT, key = undefined as ServiceAccountKey | undefined } = {},
) {
  let asked = 0
  const { destination, warnings } = await resolveDestination({
    config: loadConfig(environment).config,
    environment,
    communityKey: key,
    askMetadata: async () => {
      asked += 1
      return metadata
    },
  })
  return { destination, warnings, asked }
}

const named = (projectId: string, source: string) => ({ mode: 'private', projectId, source })
const WITHOUT_PROJECT = { mode: 'private', projectId: undefined, source: 'endpoint' }
const PUBLIC: Destination = { mode: 'public', projectId: 'zen-telemetry-public', key: KEY }

describe('the destination', () => {
  it.each([
    [
      { ZEN_GCP_PROJECT: 'first-1', GOOGLE_CLOUD_PROJECT: 'second-2', GCP_PROJECT: 'third-3' },
      'first-1',
      'ZEN_GCP_PROJECT',
    ],
    [{ GOOGLE_CLOUD_PROJECT: 'second-2', GCP_PROJECT: 'third-3' }, 'second-2', 'GOOGLE_CLOUD_PROJECT'],
    [{ GCP_PROJECT: 'third-3' }, 'third-3', 'GCP_PROJECT'],
  ])('is the first project that is named: %o', async (environment, projectId, source) => {
    const resolved = await resolve(environment, { metadata: FOUND, key: KEY })
    expect(resolved).toEqual({ destination: named(projectId, source), warnings: [], asked: 0 })
  })

  it('passes over an id that is none, with one warning that says what is used instead', async () => {
    const environment = {
      ZEN_GCP_PROJECT: 'My Project',
      GOOGLE_CLOUD_PROJECT: 'second-2',
      GCP_PROJECT: 'bad!',
    }
    const { destination, warnings } = await resolve(environment)
    expect(destination).toEqual(named('second-2', 'GOOGLE_CLOUD_PROJECT'))
    expect(warnings).toEqual([
      'ZEN_GCP_PROJECT="My Project" is not the id of a project; using GOOGLE_CLOUD_PROJECT="second-2" instead. ' +
        'An id is 6 to 30 lower-case letters, digits and hyphens, a letter first, no hyphen last.',
    ])
  })

  it('warns of each bad id before the one that is used, or before the machine', async () => {
    const { destination, warnings } = await resolve(
      { ZEN_GCP_PROJECT: 'X', GCP_PROJECT: 'Y' },
      { metadata: FOUND },
    )
    expect(destination).toEqual(named('machine-project', 'metadata'))
    expect(warnings).toHaveLength(2)
    expect(warnings[1]).toContain('GCP_PROJECT="Y" is not the id of a project; using machine-project')
  })

  it('is the project of the machine when none is named', async () => {
    expect(await resolve({}, { metadata: FOUND, key: KEY })).toMatchObject({
      destination: named('machine-project', 'metadata'),
      warnings: [],
    })
  })

  it('is the public project off Google Cloud, in a build with a key', async () => {
    expect(await resolve({}, { key: KEY })).toMatchObject({ destination: PUBLIC, warnings: [] })
  })

  it('is this machine off Google Cloud, in a build without a key', async () => {
    expect(await resolve({})).toMatchObject({ destination: { mode: 'local' }, warnings: [] })
  })

  it('is never the public project while this may be Google Cloud', async () => {
    const { destination, warnings } = await resolve({}, { metadata: UNDECIDED, key: KEY })
    expect(destination).toEqual({ mode: 'local' })
    expect(warnings).toEqual([
      expect.stringMatching(/it answered 503; using local files instead.*ZEN_GCP_PROJECT/),
    ])
  })

  it.each<[string, Environment]>([
    ['a collector', { ZEN_TELEMETRY_EXPORTER: 'otlp', ZEN_TELEMETRY_ENDPOINT: 'http://otel:4318' }],
    [
      'the standard variable',
      { ZEN_TELEMETRY_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318' },
    ],
    [
      'the one for traces',
      { ZEN_TELEMETRY_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://otel/t' },
    ],
    ['the console', { ZEN_TELEMETRY_EXPORTER: 'console', ZEN_TELEMETRY_ENDPOINT: 'http://otel:4318' }],
  ])(
    'is private without a project and without a question at an endpoint of the user: %s',
    async (_, environment) => {
      expect(await resolve(environment, { key: KEY })).toEqual({
        destination: WITHOUT_PROJECT,
        warnings: [],
        asked: 0,
      })
    },
  )

  it('counts OTEL_EXPORTER_OTLP_ENDPOINT with otlp only', async () => {
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318' }
    expect((await resolve(environment, { key: KEY })).destination).toEqual(PUBLIC)
  })

  it("takes an endpoint of Google's for no endpoint of the user", async () => {
    const environment = { ZEN_TELEMETRY_EXPORTER: 'otlp', ZEN_TELEMETRY_ENDPOINT: 'telemetry.googleapis.com' }
    expect((await resolve(environment, { key: KEY })).destination).toEqual(PUBLIC)
  })

  it('is this machine, with a warning, for an endpoint of the user that needs a project', async () => {
    const environment = { ZEN_TELEMETRY_ENDPOINT: 'traces.local:443' }
    const { destination, warnings } = await resolve(environment, { key: KEY })
    expect(destination).toEqual({ mode: 'local' })
    expect(warnings).toEqual([
      expect.stringMatching(/^ZEN_TELEMETRY_ENDPOINT="traces.local:443" needs a project.*using local files/),
    ])
    expect((await resolve(environment, { metadata: FOUND })).destination).toEqual(
      named('machine-project', 'metadata'),
    )
  })

  it.each(['local', 'console', 'none'])('has its mode resolved for the exporter %s too', async (exporter) => {
    const environment = { ZEN_TELEMETRY_EXPORTER: exporter }
    expect((await resolve(environment, { key: KEY })).destination).toEqual(PUBLIC)
    expect((await resolve(environment, { metadata: FOUND })).destination).toMatchObject({ mode: 'private' })
  })
})
