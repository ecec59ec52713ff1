import { readFileSync } from 'node:fs'
import type { Environment } from '../../config/load-config.ts'
import type { Destination } from '../../export/destination/destination.ts'
import type { ExportFailure } from '../../export/exporters/exporter.ts'
import { askMetadataForProject } from '../../export/destination/metadata-project.ts'
import type { CredentialsSource } from '../credentials-source.ts'
import { type Finding, finding } from '../findings/finding.ts'
import type { SmokeSpan } from './smoke-span.ts'

/** Who wrote, and where to. */
export interface WriteFacts {
  readonly destination: Destination
  readonly credentials: CredentialsSource
  readonly environment: Environment
}

const DISABLED = /has not been used in project|SERVICE_DISABLED|it is disabled/
const SERVICE = /([a-z]+\.googleapis\.com)/
const NO_CREDENTIALS = /Could not load the default credentials|Could not refresh access token.*metadata/i
const NOT_ACCEPTED = /UNAUTHENTICATED|invalid_grant|invalid_client|Invalid JWT|HTTP 401/
const NO_PROJECT = /NOT_FOUND|HTTP 404/
const QUOTA_PROJECT = /requires a quota project|USER_PROJECT_DENIED/

/**
 * Says why a span was not accepted, as far as Google says it.
 *
 * @param sent the span and its outcome
 * @param facts what the fix depends on
 */
export async function checkWrite(sent: SmokeSpan, facts: WriteFacts): Promise<Finding> {
  const { outcome, exporter, milliseconds } = sent
  if (outcome.status === 'accepted' && outcome.rejected === undefined) {
    return finding('write-accepted', { exporter, milliseconds })
  }
  if (outcome.status === 'accepted') {
    return finding('write-failed', { exporter, problem: outcome.rejected?.message ?? '' })
  }
  return explainFailure(outcome, exporter, facts)
}

async function explainFailure(failure: ExportFailure, exporter: string, facts: WriteFacts): Promise<Finding> {
  const { destination, credentials } = facts
  const { message, kind } = failure
  const project = ('projectId' in destination && destination.projectId) || 'the project'
  if (DISABLED.test(message)) {
    return finding('api-disabled', {
      service: SERVICE.exec(message)?.[1] ?? 'cloudtrace.googleapis.com',
      project,
    })
  }
  if (NO_CREDENTIALS.test(message)) return finding('credentials-missing')
  if (QUOTA_PROJECT.test(message)) return finding('quota-project-missing', { project })
  if (NO_PROJECT.test(message)) {
    const source = 'source' in destination ? destination.source : ''
    return finding('project-not-found', { project, source, other: (await projectOfCredentials(facts)) ?? '' })
  }
  if (kind === 'credentials' && NOT_ACCEPTED.test(message)) {
    return credentials.kind === 'file' && credentials.account !== undefined
      ? finding('key-rejected', { account: credentials.account, file: credentials.file })
      : finding('login-expired')
  }
  if (kind === 'credentials') return finding('permission-missing', { project, ...accountOf(credentials) })
  if (kind === 'throttled') return finding('quota-exceeded', { project, problem: message })
  return finding('write-failed', { exporter, problem: message })
}

function accountOf(credentials: CredentialsSource): { account: string; member: string } {
  const account = 'account' in credentials ? credentials.account : undefined
  if (account?.endsWith('.gserviceaccount.com')) return { account, member: `serviceAccount:${account}` }
  if (account !== undefined) return { account, member: `user:${account}` }
  return credentials.kind === 'metadata'
    ? { account: 'the service account of this machine', member: 'serviceAccount:<its address>' }
    : { account: 'the login of gcloud', member: 'user:<your address>' }
}

/** The project that a key or a login belongs to, or that the machine is in. */
async function projectOfCredentials({ credentials, environment }: WriteFacts): Promise<string | undefined> {
  if (credentials.kind === 'metadata') {
    const answer = await askMetadataForProject(environment)
    return answer.kind === 'project' ? answer.projectId : undefined
  }
  try {
    const { project_id, quota_project_id } = JSON.parse(readFileSync(credentials.file, 'utf8')) as Record<
      string,
      unknown
    >
    const project = project_id ?? quota_project_id
    return typeof project === 'string' ? project : undefined
  } catch {
    return undefined
  }
}
