import type { Config } from '../config/config.ts'
import { ENV_TABLE, type EnvRow } from '../config/env-table.ts'
import { type Environment, loadConfig } from '../config/load-config.ts'
import { withoutSecrets } from '../export/privacy/without-secrets.ts'

/** Where a value comes from. */
export type ValueSource = 'environment' | 'profile' | 'default'

/** One variable, and what holds. */
export interface ConfiguredValue {
  readonly variable: string
  /** As text for people; secrets are taken out. */
  readonly value: string
  readonly source: ValueSource
  /** What was set but cannot be read. */
  readonly unreadable?: string
}

const STANDARD_OTLP =
  /^OTEL_EXPORTER_OTLP_(?:TRACES_)?(?:ENDPOINT|HEADERS|CERTIFICATE|CLIENT_CERTIFICATE|CLIENT_KEY|COMPRESSION|TIMEOUT|PROTOCOL)$/

/**
 * What is in force for every variable of the table, and for the standard ones of OpenTelemetry that are set, if the
 * exporter looks at them.
 *
 * @param environment names and values
 */
export function configuredValues(environment: Environment): readonly ConfiguredValue[] {
  const { config } = loadConfig(environment)
  const own = (Object.keys(ENV_TABLE) as (keyof Config)[]).map((field) =>
    configuredValue(ENV_TABLE[field], config[field], environment),
  )
  return config.exporter === 'otlp' ? [...own, ...standardValues(environment)] : own
}

function configuredValue(row: EnvRow<unknown>, value: unknown, environment: Environment): ConfiguredValue {
  const { variable } = row
  const raw = environment[variable]?.trim()
  const shown = withoutSecrets(inWords(value) ?? row.shown.replaceAll('`', ''))
  if (raw && row.value.read(raw) !== undefined) return { variable, value: shown, source: 'environment' }
  const source = value === row.fallback ? 'default' : 'profile'
  return { variable, value: shown, source, ...(raw && { unreadable: withoutSecrets(raw) }) }
}

function inWords(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.join(', ')
  if (typeof value === 'string') return value
  return value === true || typeof value === 'number' ? `${value}` : undefined
}

/** Headers hold tokens: only their names are shown. */
function standardValues(environment: Environment): readonly ConfiguredValue[] {
  return Object.entries(environment)
    .filter(([variable, value]) => STANDARD_OTLP.test(variable) && value?.trim())
    .map(([variable, value = '']) => ({
      variable,
      value: variable.endsWith('HEADERS')
        ? value.replaceAll(/([^=,]+)=[^,]*/g, '$1=[redacted]')
        : withoutSecrets(value.trim()),
      source: 'environment' as const,
    }))
    .toSorted((one, other) => one.variable.localeCompare(other.variable))
}
