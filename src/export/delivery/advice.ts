import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import type { Environment } from '../../config/load-config.ts'
import type { Destination } from '../destination/destination.ts'
import type { ExportFailure } from '../exporters/exporter.ts'

/** What advice depends on. */
export interface AdviceInput {
  readonly destination: Destination
  readonly config: Config
  readonly environment: Environment
}

/**
 * What a user can do about spans that were not accepted.
 *
 * @returns a sentence, or nothing where only waiting helps
 */
export function adviceFor(failure: ExportFailure, input: AdviceInput): string {
  const { destination, config } = input
  if (destination.mode === 'local' || config.exporter === 'local') {
    return `Set ZEN_TELEMETRY_DIR (now "${config.directory ?? ''}") to a folder that this user can write.`
  }
  if (destination.mode === 'public') return ''
  const project = destination.projectId ?? 'the project'
  switch (failure.kind) {
    case 'credentials':
      return (
        `${credentialsUsed(input)} Run \`gcloud auth application-default login\`, or grant roles/cloudtrace.agent on ` +
        `${project} to the account in use; no restart is needed.`
      )
    case 'connection':
    case 'timeout':
      return 'Check that this machine can reach the endpoint: firewall, HTTPS_PROXY, NO_PROXY, NODE_EXTRA_CA_CERTS.'
    case 'throttled':
      return `The quota of ${project} is used up; lower ZEN_TELEMETRY_SAMPLE_RATE or raise the quota.`
    default:
      return ''
  }
}

/** In the order in which the library looks for them. */
function credentialsUsed({ config, environment }: AdviceInput): string {
  if (config.credentialsFile !== undefined)
    return `GOOGLE_APPLICATION_CREDENTIALS="${config.credentialsFile}" was used.`
  const file = gcloudFile(environment)
  return existsSync(file)
    ? `The login of gcloud ("${file}") was used.`
    : `GOOGLE_APPLICATION_CREDENTIALS is not set and "${file}" does not exist, so the metadata server was asked.`
}

function gcloudFile(environment: Environment): string {
  const folder =
    environment['CLOUDSDK_CONFIG'] ||
    (process.platform === 'win32'
      ? join(environment['APPDATA'] ?? '', 'gcloud')
      : join(environment['HOME'] ?? '', '.config', 'gcloud'))
  return join(folder, 'application_default_credentials.json')
}
