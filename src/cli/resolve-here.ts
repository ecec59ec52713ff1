import type { Config } from '../config/config.ts'
import type { Environment } from '../config/load-config.ts'
import { proxyEnvironment } from '../export/destination/proxy-environment.ts'
import {
  type DestinationInput,
  resolveDestination,
  type ResolvedDestination,
} from '../export/destination/resolve-destination.ts'

declare const __ZEN_PUBLIC_MODE__: boolean | undefined

/** Stands for the key of public mode, which only the export thread has: here it only matters that there is one. */
const KEY_ELSEWHERE: DestinationInput['communityKey'] = {
  clientEmail: '',
  privateKey: '',
  privateKeyId: undefined,
}

/** Where the spans of a program that is started here would go. Never rejects. */
export function resolveHere(config: Config, environment: Environment): Promise<ResolvedDestination> {
  return resolveDestination({
    config,
    environment: { ...environment, ...proxyEnvironment(environment) },
    communityKey: typeof __ZEN_PUBLIC_MODE__ === 'boolean' && __ZEN_PUBLIC_MODE__ ? KEY_ELSEWHERE : undefined,
  })
}
