import { readFileSync } from 'node:fs'
import { parseKeyPairsIntoRecord } from '@opentelemetry/core'
import type { Environment } from '../../config/load-config.ts'

/** What the standard `OTEL_EXPORTER_OTLP_*` variables say about traces. */
export interface OtlpSettings {
  /** Where to post, path included. */
  readonly url: string | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly compression: 'gzip' | 'none'
  /** Milliseconds for one request. */
  readonly timeoutMs: number | undefined
  /** PEM of the authorities that are trusted instead of the usual ones. */
  readonly ca: Buffer | undefined
  /** PEM of the client certificate and its key. */
  readonly cert: Buffer | undefined
  readonly key: Buffer | undefined
}

/** Settings and what could not be read. */
export interface OtlpEnvironment {
  readonly settings: OtlpSettings
  readonly warnings: readonly string[]
}

/** What holds without any of the variables. The specification's default is no compression; spans shrink tenfold. */
export const NO_OTLP_SETTINGS: OtlpSettings = {
  url: undefined,
  headers: {},
  compression: 'gzip',
  timeoutMs: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
}

const BASE = 'OTEL_EXPORTER_OTLP'
const TRACES = 'OTEL_EXPORTER_OTLP_TRACES'
const TRACES_PATH = 'v1/traces'

/**
 * Reads the variables as the specification of the OTLP exporter has it: the one for traces wins, a base endpoint gets
 * `/v1/traces` appended, headers are merged.
 *
 * @param environment names and values
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function readOtlpEnvironment(environment: Environment): OtlpEnvironment {
  const warnings: string[] = []
  const settings: OtlpSettings = {
    url: readUrl(environment, warnings),
    headers: {
      ...parseKeyPairsIntoRecord(environment[`${BASE}_HEADERS`]),
      ...parseKeyPairsIntoRecord(environment[`${TRACES}_HEADERS`]),
    },
    compression: readCompression(environment, warnings),
    timeoutMs: readTimeout(environment, warnings),
    ca: readFile('CERTIFICATE', environment, warnings),
    cert: readFile('CLIENT_CERTIFICATE', environment, warnings),
    key: readFile('CLIENT_KEY', environment, warnings),
  }
  const [protocolName, protocol] = read('PROTOCOL', environment)
  if (protocol !== undefined && protocol !== 'http/protobuf') {
    warnings.push(cannotRead(protocolName, protocol, 'http/protobuf', 'http/protobuf, usually on port 4318'))
  }
  return { settings, warnings }
}

function read(suffix: string, environment: Environment): [name: string, value: string | undefined] {
  const names = [`${TRACES}_${suffix}`, `${BASE}_${suffix}`]
  const name = names.find((candidate) => environment[candidate]?.trim()) ?? names[1]!
  return [name, environment[name]?.trim() || undefined]
}

function readUrl(environment: Environment, warnings: string[]): string | undefined {
  const [name, value] = read('ENDPOINT', environment)
  if (value === undefined) return undefined
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    warnings.push(cannotRead(name, value, "Google's endpoint", 'an http or https URL'))
    return undefined
  }
  return name.startsWith(TRACES) ? new URL(value).href : `${value.replace(/\/$/, '')}/${TRACES_PATH}`
}

function readCompression(environment: Environment, warnings: string[]): 'gzip' | 'none' {
  const [name, value] = read('COMPRESSION', environment)
  if (value === undefined || value === 'gzip') return 'gzip'
  if (value !== 'none') warnings.push(cannotRead(name, value, 'gzip', 'gzip or none'))
  return value === 'none' ? 'none' : 'gzip'
}

function readTimeout(environment: Environment, warnings: string[]): number | undefined {
  const [name, value] = read('TIMEOUT', environment)
  if (value === undefined) return undefined
  const timeoutMs = Number(value)
  if (Number.isFinite(timeoutMs) && timeoutMs > 0) return timeoutMs
  warnings.push(cannotRead(name, value, 'ZEN_TELEMETRY_EXPORT_TIMEOUT', 'milliseconds, more than 0'))
  return undefined
}

function readFile(suffix: string, environment: Environment, warnings: string[]): Buffer | undefined {
  const [name, path] = read(suffix, environment)
  if (path === undefined) return undefined
  try {
    return readFileSync(path)
  } catch {
    warnings.push(cannotRead(name, path, 'nothing', 'a readable file in PEM format'))
    return undefined
  }
}

function cannotRead(name: string, value: string, instead: string, expected: string): string {
  return `${name}="${value}" cannot be used; using ${instead} instead. Set it to ${expected}.`
}
