import type { Config } from '../config/config.ts'
import { type Consent, decideConsent } from '../config/consent.ts'
import { loadConfig } from '../config/load-config.ts'
import { stateFolder } from '../config/state-folder.ts'
import type { Invocation } from './command.ts'

/** What most commands start from: the same that the agent would see in a process started here. */
export interface Context {
  readonly config: Config
  readonly warnings: readonly string[]
  readonly folder: string
  readonly consent: Consent
}

/** Reads environment and files as the agent does, for a program in the folder that the command runs in. */
export function readContext({ environment, cwd }: Pick<Invocation, 'environment' | 'cwd'>): Context {
  const { config, warnings } = loadConfig(environment)
  const folder = stateFolder(config.directory, environment)
  return {
    config,
    warnings,
    folder,
    consent: decideConsent({ environment, script: undefined, cwd, folder }),
  }
}
