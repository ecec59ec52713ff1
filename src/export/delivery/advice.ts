import type { Config } from '../../config/config.ts'
import type { Destination } from '../destination/destination.ts'
import type { ExportFailure } from '../exporters/exporter.ts'

/**
 * What a user can do about spans that were not accepted.
 *
 * @returns a sentence, or nothing where only waiting helps
 */
export function adviceFor(failure: ExportFailure, destination: Destination, config: Config): string {
  if (destination.mode === 'local') {
    return `Set ZEN_TELEMETRY_DIR (now "${config.directory ?? ''}") to a folder that this user can write.`
  }
  if (destination.mode === 'public') return ''
  const project = destination.projectId ?? 'the project'
  switch (failure.kind) {
    case 'credentials':
      return (
        `${credentialsUsed(config)} Run \`gcloud auth application-default login\`, or grant roles/cloudtrace.agent on ` +
        `${project} to the account in use.`
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

function credentialsUsed(config: Config): string {
  return config.credentialsFile === undefined
    ? 'The Application Default Credentials of gcloud or of the metadata server were used.'
    : `GOOGLE_APPLICATION_CREDENTIALS="${config.credentialsFile}" was used.`
}
