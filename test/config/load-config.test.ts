import { describe, expect, it } from 'vitest'
import { ENV_TABLE } from '../../src/config/env-table.ts'
import { loadConfig } from '../../src/config/load-config.ts'

describe('an empty environment', () => {
  it('gives the defaults of the table and no warning', () => {
    const { config, warnings } = loadConfig({})
    const defaults = Object.fromEntries(
      Object.entries(ENV_TABLE).map(([field, row]) => [field, row.fallback]),
    )
    expect(config).toEqual(defaults)
    expect(config).toMatchObject({
      serviceName: 'zen-library',
      sampleRate: undefined,
      batchSize: 512,
      flushIntervalSeconds: 5,
      queueSize: 2048,
      exportTimeoutSeconds: 30,
      exitTimeoutSeconds: 2,
      exporter: 'cloud-trace',
      piiFilter: true,
      errorDetails: 'stack',
      logLevel: 'warn',
    })
    expect(warnings).toEqual([])
  })

  it('is what an environment of empty and blank values counts as', () => {
    const names = Object.values(ENV_TABLE).map((row) => row.variable)
    const blank = Object.fromEntries(names.map((name, index) => [name, index % 2 ? '' : ' \t ']))
    expect(loadConfig(blank)).toEqual(loadConfig({}))
  })
})

describe('a value that cannot be read', () => {
  it.each([
    ['ZEN_TELEMETRY_SAMPLE_RATE', '1.5', '0.1, adaptive', 'a number from 0 to 1'],
    ['ZEN_TELEMETRY_SAMPLE_RATE', '-0.1', '0.1, adaptive', 'a number from 0 to 1'],
    ['ZEN_TELEMETRY_SAMPLE_RATE', '10%', '0.1, adaptive', 'a number from 0 to 1'],
    ['ZEN_TELEMETRY_SAMPLE_RATE', '0x1', '0.1, adaptive', 'a number from 0 to 1'],
    ['ZEN_TELEMETRY_SAMPLE_RATE', 'NaN', '0.1, adaptive', 'a number from 0 to 1'],
    ['ZEN_TELEMETRY_TARGET_RATE', 'Infinity', '100', 'a number from 0 to 1000000'],
    ['ZEN_TELEMETRY_TARGET_RATE', '1e999', '100', 'a number from 0 to 1000000'],
    ['ZEN_TELEMETRY_BATCH_SIZE', '0', '512', 'a whole number from 1 to 10000'],
    ['ZEN_TELEMETRY_BATCH_SIZE', '2.5', '512', 'a whole number from 1 to 10000'],
    ['ZEN_TELEMETRY_BATCH_SIZE', '10001', '512', 'a whole number from 1 to 10000'],
    ['ZEN_TELEMETRY_FLUSH_INTERVAL', '5s', '5', 'a number from 0.1 to 86400'],
    ['ZEN_TELEMETRY_QUEUE_SIZE', '1,000', '2048', 'a whole number from 1 to 1000000'],
    ['ZEN_TELEMETRY_EXPORT_TIMEOUT', '0', '30', 'a number from 0.1 to 86400'],
    ['ZEN_TELEMETRY_EXIT_TIMEOUT', '-1', '2', 'a number from 0 to 86400'],
    ['ZEN_TELEMETRY_PROFILE', 'fast', 'balanced', 'one of low-latency, balanced, high-throughput'],
    ['ZEN_TELEMETRY_EXPORTER', 'zipkin', 'cloud-trace', 'one of cloud-trace, otlp, local, console, none'],
    ['ZEN_TELEMETRY_ENDPOINT', 'ftp://host', "Google's", 'host:port or a URL'],
    ['ZEN_TELEMETRY_KEEP_ERRORS', 'maybe', 'true in private mode', 'on or off'],
    ['ZEN_TELEMETRY_PII_FILTER', '2', 'on', 'on or off'],
    ['ZEN_TELEMETRY_ERROR_DETAILS', 'all', 'stack', 'one of type, message, stack'],
    ['ZEN_TELEMETRY_METRICS', 'statsd', 'none', 'one of none, otlp, prometheus'],
    ['ZEN_TELEMETRY_LOG_LEVEL', 'verbose', 'warn', 'one of none, error, warn, info, debug'],
  ])('%s=%s is one warning that names variable, value and default %s', (variable, value, shown, expected) => {
    const { config, warnings } = loadConfig({ [variable]: ` ${value} ` })
    expect(config).toEqual(loadConfig({}).config)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(`${variable}="${value}" cannot be read; using ${shown} instead. Set it to `)
    expect(warnings[0]).toContain(expected)
  })

  it('is shown shortened when it is long', () => {
    const { warnings } = loadConfig({ ZEN_TELEMETRY_EXPORTER: 'x'.repeat(5000) })
    expect(warnings[0]!.length).toBeLessThan(300)
  })

  it('does not keep the others from being read', () => {
    const { config, warnings } = loadConfig({
      ZEN_TELEMETRY_BATCH_SIZE: 'many',
      ZEN_TELEMETRY_QUEUE_SIZE: '10',
      ZEN_TELEMETRY_EXPORTER: '?',
    })
    expect(config.queueSize).toBe(10)
    expect(warnings).toHaveLength(2)
  })
})

describe('a value that can be read', () => {
  it.each([
    ['ZEN_TELEMETRY_SAMPLE_RATE', '0', { sampleRate: 0 }],
    ['ZEN_TELEMETRY_SAMPLE_RATE', '1', { sampleRate: 1 }],
    ['ZEN_TELEMETRY_SAMPLE_RATE', '.25', { sampleRate: 0.25 }],
    ['ZEN_TELEMETRY_SAMPLE_RATE', '1e-3', { sampleRate: 0.001 }],
    ['ZEN_TELEMETRY_EXIT_TIMEOUT', '0', { exitTimeoutSeconds: 0 }],
    ['ZEN_TELEMETRY_EXPORTER', 'OTLP', { exporter: 'otlp' }],
    ['ZEN_TELEMETRY_LOG_LEVEL', 'Debug', { logLevel: 'debug' }],
    ['ZEN_TELEMETRY_DISABLED', 'Yes', { disabled: true }],
    ['ZEN_TELEMETRY_DISABLED', 'off', { disabled: false }],
    ['DO_NOT_TRACK', '1', { doNotTrack: true }],
    ['OTEL_SDK_DISABLED', 'TRUE', { sdkDisabled: true }],
    ['ZEN_TELEMETRY_PII_FILTER', 'off', { piiFilter: false }],
    ['ZEN_TELEMETRY_KEEP_ERRORS', 'no', { keepErrors: false }],
    ['ZEN_TELEMETRY_ATTRIBUTES_ALLOW', 'http.*, ,db.name', { attributesAllow: ['http.*', 'db.name'] }],
    ['ZEN_TELEMETRY_ENDPOINT', 'a:1, https://b/', { endpoints: ['a:1', 'https://b/'] }],
    ['ZEN_SERVICE_NAME', '  shop ', { serviceName: 'shop' }],
  ])('%s=%s is taken without a warning', (variable, value, expected) => {
    const { config, warnings } = loadConfig({ [variable]: value })
    expect(config).toMatchObject(expected)
    expect(warnings).toEqual([])
  })
})

describe('a profile', () => {
  it.each([
    ['low-latency', 100, 1],
    ['balanced', 512, 5],
    ['high-throughput', 1024, 5],
  ])('%s sets %i spans a request and %i seconds between requests', (profile, batchSize, seconds) => {
    const { config } = loadConfig({ ZEN_TELEMETRY_PROFILE: profile })
    expect(config).toMatchObject({ profile, batchSize, flushIntervalSeconds: seconds })
  })

  it('gives way to a variable of its own, whichever of the two that is', () => {
    const { config } = loadConfig({ ZEN_TELEMETRY_PROFILE: 'low-latency', ZEN_TELEMETRY_BATCH_SIZE: '7' })
    expect(config).toMatchObject({ batchSize: 7, flushIntervalSeconds: 1 })
  })

  it('gives way to the default that the warning about an unreadable value names', () => {
    const { config, warnings } = loadConfig({
      ZEN_TELEMETRY_PROFILE: 'low-latency',
      ZEN_TELEMETRY_BATCH_SIZE: 'x',
    })
    expect(warnings[0]).toContain('using 512 instead')
    expect(config.batchSize).toBe(512)
  })
})

describe('the configuration', () => {
  it('is frozen', () => {
    const { config } = loadConfig({})
    expect(Object.isFrozen(config)).toBe(true)
  })

  it('has one variable for each field, none of them twice, each with a default and a text for the documentation', () => {
    const rows = Object.values(ENV_TABLE)
    expect(new Set(rows.map((row) => row.variable)).size).toBe(rows.length)
    for (const row of rows) {
      expect(row.shown).not.toBe('')
      expect(row.help).not.toBe('')
      expect(row.value.expected).not.toBe('')
    }
  })
})
