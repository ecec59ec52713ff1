import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../config/load-config.ts'
import { credentialsProblem } from '../export/destination/credentials-problem.ts'

/** Where the token for a private project comes from. */
export type CredentialsSource =
  | {
      readonly kind: 'file' | 'gcloud'
      readonly file: string
      readonly type: string
      readonly account?: string
    }
  | { readonly kind: 'unusable'; readonly file: string; readonly problem: string }
  /** Nothing is on this machine; on Google Cloud the metadata server gives tokens. */
  | { readonly kind: 'metadata' }

const GCLOUD_FILE = 'application_default_credentials.json'

/**
 * Looks where Google's libraries look for Application Default Credentials, and asks nobody.
 *
 * @param environment `GOOGLE_APPLICATION_CREDENTIALS` and what leads to the folder of gcloud
 */
export function findCredentials(environment: Environment): CredentialsSource {
  const file = environment['GOOGLE_APPLICATION_CREDENTIALS']?.trim()
  if (file) {
    const problem = credentialsProblem(environment)
    return problem === undefined
      ? { kind: 'file', file, ...describe(file) }
      : { kind: 'unusable', file, problem }
  }
  const gcloud = join(gcloudFolder(environment), GCLOUD_FILE)
  return existsSync(gcloud) ? { kind: 'gcloud', file: gcloud, ...describe(gcloud) } : { kind: 'metadata' }
}

/** In words, behind "credentials". */
export function explainCredentials(source: CredentialsSource): string {
  if (source.kind === 'unusable') return source.problem
  if (source.kind === 'metadata') return 'the metadata server of Google Cloud; no file was found'
  const whose = source.account === undefined ? '' : ` of ${source.account}`
  const where = source.kind === 'file' ? 'GOOGLE_APPLICATION_CREDENTIALS' : 'gcloud'
  return `${source.type}${whose}, from ${where} (${source.file})`
}

function gcloudFolder(environment: Environment): string {
  if (environment['CLOUDSDK_CONFIG']) return environment['CLOUDSDK_CONFIG']
  if (process.platform === 'win32') return join(environment['APPDATA'] ?? '', 'gcloud')
  return join(environment['HOME'] ?? homedir(), '.config', 'gcloud')
}

/** The kind and the account, and nothing else that stands in the file. */
function describe(file: string): { type: string; account?: string } {
  try {
    const { type, client_email: account } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
    return { type: String(type), ...(typeof account === 'string' && { account }) }
  } catch {
    return { type: 'a file that cannot be read' }
  }
}
