import { withoutUserInfo } from '../shared/without-user-info.ts'
import type { Config, Profile } from './config.ts'
import { ENV_TABLE, type EnvRow } from './env-table.ts'

/** The environment as a process has it: names and values. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A configuration and what could not be read. */
export interface LoadedConfig {
  readonly config: Config
  /** One line for each value that cannot be read, naming the variable, the value and the default used. */
  readonly warnings: readonly string[]
}

const LONGEST_VALUE_SHOWN = 80

type Preset = Partial<Pick<Config, 'batchSize' | 'flushIntervalSeconds'>>
const PRESETS: Readonly<Record<Profile, Preset>> = {
  'low-latency': { batchSize: 100, flushIntervalSeconds: 1 },
  balanced: {},
  'high-throughput': { batchSize: 1024 },
}

/**
 * Reads the environment into one frozen configuration. A value that cannot be read is replaced by its default and
 * reported; an empty value counts as unset. Throws nothing.
 *
 * @param environment usually `process.env`
 */
export function loadConfig(environment: Environment): LoadedConfig {
  const warnings: string[] = []
  const values: Record<string, unknown> = {}
  for (const [field, row] of Object.entries(ENV_TABLE) as [keyof Config, EnvRow<unknown>][]) {
    values[field] = readRow(row, environment, warnings)
  }
  const config = values as unknown as Config
  return {
    config: Object.freeze({ ...config, ...unsetOnly(PRESETS[config.profile], environment) }),
    warnings,
  }
}

function readRow(row: EnvRow<unknown>, environment: Environment, warnings: string[]): unknown {
  const raw = environment[row.variable]?.trim()
  if (raw === undefined || raw === '') return row.fallback
  const value = row.value.read(raw)
  if (value !== undefined) return value
  warnings.push(
    `${row.variable}="${shorten(raw)}" cannot be read; using ${row.shown.replaceAll('`', '')} instead. ` +
      `Set it to ${row.value.expected}.`,
  )
  return row.fallback
}

/** What a profile sets gives way to a variable of its own. */
function unsetOnly(preset: Preset, environment: Environment): Preset {
  const kept = Object.entries(preset).filter(
    ([field]) => !environment[ENV_TABLE[field as keyof Preset].variable]?.trim(),
  )
  return Object.fromEntries(kept)
}

function shorten(whole: string): string {
  const value = withoutUserInfo(whole)
  return value.length > LONGEST_VALUE_SHOWN ? `${value.slice(0, LONGEST_VALUE_SHOWN)}...` : value
}
