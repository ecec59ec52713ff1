import { ENV_TABLE } from '../config/env-table.ts'
import type { Settings } from '../index.ts'
import type { RuntimeSettings } from '../transport/runtime-settings.ts'

/** Settings that can be used, and one line for each that cannot. */
export interface ReadSettings {
  readonly settings: RuntimeSettings
  readonly problems: readonly string[]
}

/** Which row of the environment says how a setting is checked. */
const ROWS = {
  sampleRate: 'sampleRate',
  batchSize: 'batchSize',
  queueSize: 'queueSize',
  flushInterval: 'flushIntervalSeconds',
  exportTimeout: 'exportTimeoutSeconds',
} as const

/** Checks what the application passed to `configure()` as the environment is checked. Throws nothing. */
export function readSettings(given: Settings): ReadSettings {
  const settings: Record<string, number | boolean> = {}
  const problems: string[] = []
  for (const [name, value] of Object.entries(given ?? {}) as [string, unknown][]) {
    if (value === undefined) continue
    const expected = name === 'enabled' ? 'true or false' : expectedOf(name)
    const read = name === 'enabled' ? booleanOf(value) : numberOf(name, value)
    if (expected === undefined) problems.push(`configure(): there is no setting "${name}".`)
    else if (read === undefined)
      problems.push(
        `configure(): ${name}: ${shown(value)} cannot be used; what was before goes on. Set it to ${expected}.`,
      )
    else settings[Object.hasOwn(ROWS, name) ? ROWS[name as keyof typeof ROWS] : name] = read
  }
  return { settings: settings as RuntimeSettings, problems }
}

function expectedOf(name: string): string | undefined {
  return Object.hasOwn(ROWS, name) ? ENV_TABLE[ROWS[name as keyof typeof ROWS]].value.expected : undefined
}

function booleanOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

function numberOf(name: string, value: unknown): number | undefined {
  if (typeof value !== 'number' || !Object.hasOwn(ROWS, name)) return undefined
  return ENV_TABLE[ROWS[name as keyof typeof ROWS]].value.read(String(value))
}

function shown(value: unknown): string {
  return typeof value === 'string'
    ? JSON.stringify(value.slice(0, 80))
    : typeof value === 'number'
      ? String(value)
      : typeof value
}
