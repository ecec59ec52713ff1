import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/load-config.ts'
import { adviceFor } from '../../../src/export/delivery/advice.ts'
import type { Destination } from '../../../src/export/destination/destination.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { failure } from './scripted-exporter.ts'

const PRIVATE: Destination = { mode: 'private', projectId: 'shop-prod', source: 'GCP_PROJECT' }
const advise = (
  kind: Parameters<typeof failure>[0],
  destination: Destination = PRIVATE,
  env: Record<string, string> = {},
): string =>
  adviceFor(failure(kind, false), { destination, config: loadConfig(env).config, environment: env })

describe('the advice after a failure', () => {
  it('names the credentials that were used, and how to mend them', () => {
    expect(advise('credentials')).toMatch(
      /gcloud auth application-default login.*roles\/cloudtrace\.agent on shop-prod/,
    )
    expect(advise('credentials', PRIVATE, { GOOGLE_APPLICATION_CREDENTIALS: 'key.json' })).toContain(
      'GOOGLE_APPLICATION_CREDENTIALS="key.json" was used.',
    )
  })

  it('names the file of gcloud, or that there is none, as the library would look for it', () => {
    const home = tempFolder({ '.config/gcloud/application_default_credentials.json': '{}' })
    expect(advise('credentials', PRIVATE, { HOME: home })).toContain(
      `The login of gcloud ("${home}/.config/gcloud/application_default_credentials.json") was used.`,
    )
    expect(advise('credentials', PRIVATE, { HOME: home, CLOUDSDK_CONFIG: '/nowhere' })).toContain(
      '"/nowhere/application_default_credentials.json" does not exist, so the metadata server was asked.',
    )
  })

  it.each(['connection', 'timeout'] as const)('names what stands between after %s', (kind) => {
    expect(advise(kind)).toContain('HTTPS_PROXY')
  })

  it('names the quota where that is used up', () => {
    expect(advise('throttled')).toContain('ZEN_TELEMETRY_SAMPLE_RATE')
    expect(advise('throttled', { mode: 'private', projectId: undefined, source: 'endpoint' })).toContain(
      'the project',
    )
  })

  it.each(['server', 'rejected-data', 'unknown'] as const)(
    'says nothing where only waiting helps: %s',
    (kind) => {
      expect(advise(kind)).toBe('')
    },
  )

  it('names the folder in local mode', () => {
    expect(advise('unknown', { mode: 'local' }, { ZEN_TELEMETRY_DIR: '/nowhere' })).toContain('"/nowhere"')
  })

  it('says nothing of projects in public mode', () => {
    const key = {} as Extract<Destination, { mode: 'public' }>['key']
    expect(advise('credentials', { mode: 'public', projectId: 'zen-telemetry-public', key })).toBe('')
  })
})
