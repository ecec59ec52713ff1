import type { Environment } from './load-config.ts'
import { packageThatRefuses } from './package-consent.ts'
import { readSettings, settingsFile } from './settings.ts'

const YES = /^(true|1|yes)$/i
const NO = /^(false|0|no)$/i

/** The variables that switch the agent off, in the order they are looked at. */
const OFF_SWITCHES = ['ZEN_TELEMETRY_DISABLED', 'DO_NOT_TRACK', 'OTEL_SDK_DISABLED'] as const

/** What decided whether the agent runs. */
export type ConsentRule =
  | { readonly kind: 'variable'; readonly variable: string; readonly value: string }
  | { readonly kind: 'user'; readonly file: string }
  | { readonly kind: 'user-unreadable'; readonly file: string; readonly problem: string }
  | { readonly kind: 'package'; readonly file: string }
  | { readonly kind: 'default' }

/** Whether the agent may run, and why. */
export interface Consent {
  readonly on: boolean
  readonly rule: ConsentRule
}

/** What consent is decided from. */
export interface ConsentInput {
  readonly environment: Environment
  /** The program as it was named, `process.argv[1]`. */
  readonly script: string | undefined
  /** Absolute. */
  readonly cwd: string
  /** The state folder. */
  readonly folder: string
}

/**
 * Which variable switches the agent off, if any.
 *
 * @param environment usually `process.env`
 * @returns the name of the variable, or undefined when the agent may run
 */
export function switchedOffBy(environment: Environment): string | undefined {
  return OFF_SWITCHES.find((name) => YES.test(environment[name]?.trim() ?? ''))
}

/**
 * Whether the agent was switched off at run time, for which there is one variable alone: reading one takes a quarter of
 * a microsecond.
 *
 * @param environment usually `process.env`
 */
export function isOff({ ZEN_TELEMETRY_DISABLED: value }: Environment): boolean {
  return value !== undefined && YES.test(value.trim())
}

/**
 * Decides whether the agent may run. The first that applies holds:
 *
 * 1. a variable that says off; no other variable and no file can take that back
 * 2. `ZEN_TELEMETRY_DISABLED=false` (or `0`, `no`): on for this process, whatever is stored
 * 3. `zen-telemetry disable` of this user
 * 4. `"zen": { "telemetry": false }` in the application's package.json
 * 5. on
 *
 * Reads two small files; throws nothing.
 */
export function decideConsent({ environment, script, cwd, folder }: ConsentInput): Consent {
  const variable = switchedOffBy(environment)
  if (variable !== undefined)
    return off({ kind: 'variable', variable, value: valueOf(environment, variable) })
  const [own] = OFF_SWITCHES
  if (NO.test(valueOf(environment, own))) {
    return { on: true, rule: { kind: 'variable', variable: own, value: valueOf(environment, own) } }
  }
  const read = readSettings(folder)
  const file = settingsFile(folder)
  if ('problem' in read) return off({ kind: 'user-unreadable', file, problem: read.problem })
  if (read.settings.disabled) return off({ kind: 'user', file })
  const refusing = packageThatRefuses(script, cwd)
  return refusing === undefined
    ? { on: true, rule: { kind: 'default' } }
    : off({ kind: 'package', file: refusing })
}

/** The rule in words, to stand behind "on: " or "off: ". */
export function explainConsent({ on, rule }: Consent): string {
  if (rule.kind === 'variable') {
    return `${rule.variable}="${rule.value}"${on ? ', which outweighs what is stored' : ''}`
  }
  if (rule.kind === 'user') return `switched off for this user by zen-telemetry disable (${rule.file})`
  if (rule.kind === 'user-unreadable') {
    return `"${rule.file}" cannot be read (${rule.problem}), so that it counts as off; run zen-telemetry enable or disable`
  }
  if (rule.kind === 'package') return `"zen": { "telemetry": false } in ${rule.file}`
  return 'nothing switches it off'
}

function off(rule: ConsentRule): Consent {
  return { on: false, rule }
}

function valueOf(environment: Environment, name: string): string {
  return environment[name]?.trim() ?? ''
}
