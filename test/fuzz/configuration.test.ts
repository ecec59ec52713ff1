import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ENV_TABLE } from '../../src/config/env-table.ts'
import { isGoogleEndpoint } from '../../src/config/endpoint.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { readOtlpEnvironment } from '../../src/export/destination/otlp-environment.ts'
import { expectFastOnEach } from './fast-on-each.ts'

const OTLP = ['ENDPOINT', 'HEADERS', 'COMPRESSION', 'TIMEOUT', 'PROTOCOL', 'CERTIFICATE'].map(
  (name) => `OTEL_EXPORTER_OTLP_${name}`,
)
const WORDS = [
  'true',
  'off',
  '0.5',
  '1e309',
  '-0',
  '٣',
  'NaN',
  'https://',
  'http://a:b@',
  '[::1]:443',
  ':',
  ',',
  ';',
  '=',
  '%',
  'otlp',
  '*',
  '\0',
  ' ',
]

const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.constantFrom(...WORDS), { maxLength: 8 }).map((words) => words.join('')),
  fc.nat(8192).map((length) => 'a,'.repeat(length)),
)
const environment = fc.dictionary(
  fc.constantFrom(...Object.values(ENV_TABLE).map((row) => row.variable), ...OTLP),
  value,
  { maxKeys: 5 },
)

it('any environment gives a configuration, and says what it could not read', () => {
  const fields = Object.keys(ENV_TABLE)
  expectFastOnEach(environment, (given) => {
    const { config, warnings } = loadConfig(given)
    expect(Object.keys(config)).toEqual(fields)
    expect(warnings.length).toBeLessThanOrEqual(Object.keys(given).length)
    for (const endpoint of config.endpoints) isGoogleEndpoint(endpoint)
    readOtlpEnvironment(given)
  })
})
