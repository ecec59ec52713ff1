import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { otlpEndpoints } from '../../../src/export/destination/otlp-endpoints.ts'
import { NO_OTLP_SETTINGS, readOtlpEnvironment } from '../../../src/export/destination/otlp-environment.ts'

const settings = (environment: Record<string, string>) => readOtlpEnvironment(environment).settings

describe('the variables OTEL_EXPORTER_OTLP_…', () => {
  it('need not be there', () => {
    expect(readOtlpEnvironment({})).toEqual({ settings: NO_OTLP_SETTINGS, warnings: [] })
  })

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318' }, 'http://otel:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel:4318/' }, 'http://otel:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel/base' }, 'https://otel/base/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://otel/as-is' }, 'https://otel/as-is'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://otel' }, 'https://otel/'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b/t' },
      'http://b/t',
    ],
  ])('name the endpoint %o', (environment, url) => {
    expect(settings(environment).url).toBe(url)
  })

  it('give headers, decoded and merged, those for traces first', () => {
    const environment = {
      OTEL_EXPORTER_OTLP_HEADERS: 'api-key=a%20b,both=base',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'both=traces',
    }
    expect(settings(environment).headers).toEqual({ 'api-key': 'a b', both: 'traces' })
  })

  it('set compression and time, those for traces first', () => {
    const environment = {
      OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
      OTEL_EXPORTER_OTLP_TIMEOUT: '5000',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '7000',
    }
    expect(settings(environment)).toMatchObject({ compression: 'none', timeoutMs: 7000 })
  })

  it('name files of certificates', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'zen-otlp-')), 'ca.pem')
    writeFileSync(file, 'PEM')
    const environment = {
      OTEL_EXPORTER_OTLP_CERTIFICATE: file,
      OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: file,
      OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: file,
    }
    const pem = Buffer.from('PEM')
    expect(settings(environment)).toMatchObject({ ca: pem, cert: pem, key: pem })
  })

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'otel:4318', "Google's endpoint"],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'not a url', "Google's endpoint"],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zstd', 'gzip'],
    ['OTEL_EXPORTER_OTLP_TIMEOUT', '-1', 'ZEN_TELEMETRY_EXPORT_TIMEOUT'],
    ['OTEL_EXPORTER_OTLP_CERTIFICATE', '/no/such/file', 'nothing'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'http/protobuf'],
  ])('are one warning when they cannot be used: %s="%s"', (name, value, instead) => {
    const { warnings } = readOtlpEnvironment({ [name]: value })
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(`${name}="${value}" cannot be used; using ${instead} instead.`)
  })
})

describe('the endpoints of OTLP', () => {
  const standard = { ...NO_OTLP_SETTINGS, url: 'http://otel:4318/v1/traces' }

  it("are Google's by default", () => {
    expect(otlpEndpoints({ endpoints: [] }, NO_OTLP_SETTINGS)).toEqual([
      'https://telemetry.googleapis.com/v1/traces',
    ])
  })

  it('are that of the standard variables', () => {
    expect(otlpEndpoints({ endpoints: [] }, standard)).toEqual(['http://otel:4318/v1/traces'])
  })

  it('are those of ZEN_TELEMETRY_ENDPOINT before all, with a path if they have none', () => {
    const endpoints = ['otel:4318', 'http://otel/', 'https://otel/own/path', 'telemetry.googleapis.com:443']
    expect(otlpEndpoints({ endpoints }, standard)).toEqual([
      'https://otel:4318/v1/traces',
      'http://otel/v1/traces',
      'https://otel/own/path',
      'https://telemetry.googleapis.com/v1/traces',
    ])
  })
})
