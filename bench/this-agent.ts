import type { Laboratory } from './laboratory.ts'
import { type ModuleKind, preloadFlags } from './module-kind.ts'

/** How the tables name it. */
export const AGENT = 'this agent'

/** The environment in which every call is sampled. */
export const EVERY_CALL: Readonly<Record<string, string>> = { ZEN_TELEMETRY_SAMPLE_RATE: '1' }

/** The flags that preload the agent, as a user has it installed. */
export function agentFlags({ agent }: Laboratory, kind: ModuleKind): readonly string[] {
  return preloadFlags(kind, agent[kind])
}
