import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig, type Environment } from '../../../src/config/load-config.ts'
import type { Destination } from '../../../src/export/destination/destination.ts'
import { createExporters } from '../../../src/export/exporters/create-exporters.ts'

const FACTS = { serviceVersion: undefined, nodeVersion: '20.20.2', osType: 'linux' }
const PRIVATE: Destination = { mode: 'private', projectId: 'my-project', source: 'ZEN_GCP_PROJECT' }
const OWN: Destination = { mode: 'private', projectId: undefined, source: 'endpoint' }
const PUBLIC: Destination = {
  mode: 'public',
  projectId: 'zen-telemetry-public',
  key: { clientEmail: 'a@b', privateKey: 'pem', privateKeyId: undefined },
}
const LOCAL: Destination = { mode: 'local' }

function create(destination: Destination, environment: Environment = {}) {
  const { config } = loadConfig(environment)
  const created = createExporters({
    config,
    destination,
    environment,
    facts: FACTS,
    compress: () => false,
  })
  return { names: created.exporters.map(({ name }) => name), warnings: created.warnings }
}

describe('the exporters of a destination', () => {
  it.each<[string, Destination, Environment, string[]]>([
    ['Cloud Trace, else OTLP', PRIVATE, {}, ['cloud-trace', 'otlp']],
    ['OTLP, else Cloud Trace', PRIVATE, { ZEN_TELEMETRY_EXPORTER: 'otlp' }, ['otlp', 'cloud-trace']],
    [
      'each endpoint of Google in turn, else OTLP',
      PRIVATE,
      { ZEN_TELEMETRY_ENDPOINT: 'cloudtrace.googleapis.com:443,europe-cloudtrace.googleapis.com' },
      ['cloud-trace', 'cloud-trace', 'otlp'],
    ],
    [
      'nothing outside of the region that was named',
      PRIVATE,
      {
        ZEN_TELEMETRY_ENDPOINT: 'https://telemetry.europe-west3.rep.googleapis.com/v1/traces',
        ZEN_TELEMETRY_EXPORTER: 'otlp',
      },
      ['otlp'],
    ],
    [
      'nothing of Google for the own one',
      PRIVATE,
      { ZEN_TELEMETRY_ENDPOINT: 'traces.local:443' },
      ['cloud-trace'],
    ],
    [
      'nothing of Google once one of several is not',
      PRIVATE,
      {
        ZEN_TELEMETRY_ENDPOINT: 'https://otel:4318,telemetry.googleapis.com',
        ZEN_TELEMETRY_EXPORTER: 'otlp',
      },
      ['otlp', 'otlp'],
    ],
    [
      'the collector of the standard variables',
      OWN,
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318', ZEN_TELEMETRY_EXPORTER: 'otlp' },
      ['otlp'],
    ],
    ['one alone in public mode', PUBLIC, {}, ['cloud-trace']],
    ['one alone in public mode, OTLP', PUBLIC, { ZEN_TELEMETRY_EXPORTER: 'otlp' }, ['otlp']],
    ['files in local mode', LOCAL, {}, ['local']],
    ['files in local mode, whatever was meant', LOCAL, { ZEN_TELEMETRY_EXPORTER: 'otlp' }, ['local']],
    ['files when that is wanted', PRIVATE, { ZEN_TELEMETRY_EXPORTER: 'local' }, ['local']],
    ['stderr in any mode', LOCAL, { ZEN_TELEMETRY_EXPORTER: 'console' }, ['console']],
    ['nothing', PUBLIC, { ZEN_TELEMETRY_EXPORTER: 'none' }, ['none']],
  ])('are %s', (_title, destination, environment, names) => {
    expect(create(destination, environment)).toEqual({ names, warnings: [] })
  })

  it('come with one warning about a key file that cannot be used', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'zen-key-')), 'key.json')
    writeFileSync(file, 'not json')
    const { warnings } = create(PRIVATE, { GOOGLE_APPLICATION_CREDENTIALS: file })
    expect(warnings).toEqual([expect.stringContaining(`GOOGLE_APPLICATION_CREDENTIALS="${file}"`)])
  })

  it('do not look at the key file where no token of Google is needed', () => {
    const environment = { GOOGLE_APPLICATION_CREDENTIALS: '/no/such/file', ZEN_TELEMETRY_EXPORTER: 'otlp' }
    const endpoint = { ZEN_TELEMETRY_ENDPOINT: 'http://otel:4318' }
    expect(create(OWN, { ...environment, ...endpoint }).warnings).toEqual([])
    expect(create(LOCAL, environment).warnings).toEqual([])
  })

  it.each([
    ['cloud-trace', 3],
    ['otlp', 2],
  ] as const)('are loaded in parts, with a pause after each: %s', async (exporter, parts) => {
    const { config } = loadConfig({ ZEN_TELEMETRY_EXPORTER: exporter })
    let pauses = 0
    const breathe = () => void pauses++
    const input = { config, destination: PRIVATE, environment: {}, facts: FACTS, compress: () => false }
    const { exporters } = createExporters({ ...input, breathe })
    expect(pauses).toBe(0)
    await exporters[0].encode?.([])
    expect(pauses).toBe(parts)
  })

  it('speak TLS with Cloud Trace, and say so, where plain HTTP was written', async () => {
    const { config } = loadConfig({ ZEN_TELEMETRY_ENDPOINT: 'http://traces.local:4444,http://traces.local' })
    const input = { config, destination: PRIVATE, environment: {}, facts: FACTS, compress: () => false }
    const { exporters, warnings } = createExporters(input)
    expect(warnings).toEqual([
      expect.stringContaining('ZEN_TELEMETRY_ENDPOINT="http://traces.local:4444" is plain HTTP'),
    ])
    const addresses = await Promise.all(exporters.map(async (exporter) => (await exporter.encode?.([]))?.to))
    expect(addresses).toEqual(['https://traces.local:4444', 'https://traces.local:80'])
  })

  it('come with the warnings about the standard variables, with otlp only', () => {
    const environment = { OTEL_EXPORTER_OTLP_COMPRESSION: 'zstd' }
    expect(create(PRIVATE, environment).warnings).toEqual([])
    expect(create(PRIVATE, { ...environment, ZEN_TELEMETRY_EXPORTER: 'otlp' }).warnings).toEqual([
      expect.stringContaining('OTEL_EXPORTER_OTLP_COMPRESSION="zstd"'),
    ])
  })
})
