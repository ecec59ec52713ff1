import { parseKeyPairsIntoRecord } from '@opentelemetry/core'
import type { Environment } from '../../config/load-config.ts'
import { readPlainFile } from './plain-file.ts'

/** What the variables are read for: each kind has its own, which win over the common ones. */
export type OtlpSignal = 'traces' | 'metrics'

/** What the standard `OTEL_EXPORTER_OTLP_*` variables say. */
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

/**
 * Reads the variables as the specification of the OTLP exporter has it: the one for the signal wins, a base endpoint gets
 * `/v1/traces` or `/v1/metrics` appended, headers are merged.
 *
 * @param environment names and values
 * @param signal what is going to be sent
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function readOtlpEnvironment(
  environment: Environment,
  signal: OtlpSignal = 'traces',
): OtlpEnvironment {
  const warnings: string[] = []
  const source: Source = { environment, own: `${BASE}_${signal.toUpperCase()}`, signal }
  const settings: OtlpSettings = {
    url: readUrl(source, warnings),
    headers: {
      ...parseKeyPairsIntoRecord(environment[`${BASE}_HEADERS`]),
      ...parseKeyPairsIntoRecord(environment[`${source.own}_HEADERS`]),
    },
    compression: readCompression(source, warnings),
    timeoutMs: readTimeout(source, warnings),
    ca: readFile('CERTIFICATE', source, warnings),
    cert: readFile('CLIENT_CERTIFICATE', source, warnings),
    key: readFile('CLIENT_KEY', source, warnings),
  }
  const [protocolName, protocol] = read('PROTOCOL', source)
  if (protocol !== undefined && protocol !== 'http/protobuf') {
    warnings.push(cannotRead(protocolName, protocol, 'http/protobuf', 'http/protobuf, usually on port 4318'))
  }
  return { settings, warnings }
}

interface Source {
  readonly environment: Environment
  /** How the names of the signal's own variables begin. */
  readonly own: string
  readonly signal: OtlpSignal
}

function read(suffix: string, { environment, own }: Source): [name: string, value: string | undefined] {
  const names = [`${own}_${suffix}`, `${BASE}_${suffix}`]
  const name = names.find((candidate) => environment[candidate]?.trim()) ?? names[1]!
  return [name, environment[name]?.trim() || undefined]
}

function readUrl(source: Source, warnings: string[]): string | undefined {
  const [name, value] = read('ENDPOINT', source)
  if (value === undefined) return undefined
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
    warnings.push(cannotRead(name, value, "Google's endpoint", 'an http or https URL'))
    return undefined
  }
  return name.startsWith(source.own) ? new URL(value).href : `${value.replace(/\/$/, '')}/v1/${source.signal}`
}

function readCompression(source: Source, warnings: string[]): 'gzip' | 'none' {
  const [name, value] = read('COMPRESSION', source)
  if (value === undefined || value === 'gzip') return 'gzip'
  if (value !== 'none') warnings.push(cannotRead(name, value, 'gzip', 'gzip or none'))
  return value === 'none' ? 'none' : 'gzip'
}

function readTimeout(source: Source, warnings: string[]): number | undefined {
  const [name, value] = read('TIMEOUT', source)
  if (value === undefined) return undefined
  const timeoutMs = Number(value)
  if (Number.isFinite(timeoutMs) && timeoutMs > 0) return timeoutMs
  warnings.push(cannotRead(name, value, 'ZEN_TELEMETRY_EXPORT_TIMEOUT', 'milliseconds, more than 0'))
  return undefined
}

function readFile(suffix: string, source: Source, warnings: string[]): Buffer | undefined {
  const [name, path] = read(suffix, source)
  if (path === undefined) return undefined
  try {
    return readPlainFile(path)
  } catch {
    warnings.push(cannotRead(name, path, 'nothing', 'a readable file in PEM format'))
    return undefined
  }
}

function cannotRead(name: string, value: string, instead: string, expected: string): string {
  return `${name}="${value}" cannot be used; using ${instead} instead. Set it to ${expected}.`
}
