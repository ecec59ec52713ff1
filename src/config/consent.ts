import type { Environment } from './load-config.ts'

const YES = /^(true|1|yes)$/i

/** The variables that switch the agent off, in the order they are looked at. */
const OFF_SWITCHES = ['ZEN_TELEMETRY_DISABLED', 'DO_NOT_TRACK', 'OTEL_SDK_DISABLED'] as const

/**
 * Which variable switches the agent off, if any.
 *
 * @param environment usually `process.env`
 * @returns the name of the variable, or undefined when the agent may run
 */
export function switchedOffBy(environment: Environment): string | undefined {
  return OFF_SWITCHES.find((name) => YES.test(environment[name]?.trim() ?? ''))
}
