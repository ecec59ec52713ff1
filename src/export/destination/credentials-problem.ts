import { createPrivateKey } from 'node:crypto'
import type { Environment } from '../../config/load-config.ts'
import { messageOf } from '../../shared/errors.ts'
import { readPlainFile } from './plain-file.ts'

const VARIABLE = 'GOOGLE_APPLICATION_CREDENTIALS'

/** The kinds of credentials files there are, and the fields without which they are of no use. */
const NEEDED_FIELDS: Readonly<Record<string, readonly string[]>> = {
  service_account: ['client_email', 'private_key'],
  authorized_user: ['client_id', 'client_secret', 'refresh_token'],
  external_account: ['audience', 'subject_token_type', 'credential_source'],
  external_account_authorized_user: ['refresh_token', 'token_url'],
  impersonated_service_account: ['source_credentials', 'service_account_impersonation_url'],
  gdch_service_account: ['private_key', 'name'],
}

/**
 * Looks at the file that `GOOGLE_APPLICATION_CREDENTIALS` names.
 *
 * @param environment names and values
 * @returns one warning: variable, value, what is wrong, what is used instead, what to do; undefined if all is well.
 *   Nothing of the file's content is in it
 */
export function credentialsProblem(environment: Environment): string | undefined {
  const path = environment[VARIABLE]?.trim()
  if (!path) return undefined
  const problem = problemOf(path)
  return problem === undefined
    ? undefined
    : `${VARIABLE}="${path}" cannot be used: ${problem}; using the credentials of gcloud or of the metadata server ` +
        'instead, if there are any. Point it at a credentials file in JSON, such as the key of a service account.'
}

function problemOf(path: string): string | undefined {
  let text: string
  try {
    text = readPlainFile(path).toString('utf8')
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    return code === 'ENOENT'
      ? 'there is no such file'
      : `the file cannot be read (${code ?? messageOf(thrown)})`
  }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    return 'the file is not JSON'
  }
  if (typeof content !== 'object' || content === null) return 'the file does not hold credentials'
  return problemOfCredentials(content as Record<string, unknown>)
}

function problemOfCredentials(credentials: Record<string, unknown>): string | undefined {
  const kind = credentials['type']
  const needed = typeof kind === 'string' ? NEEDED_FIELDS[kind] : undefined
  if (!needed) return 'the file does not hold credentials of a kind that is known ("type")'
  const missing = needed.filter((field) => !credentials[field])
  if (missing.length > 0) return `"${missing.join('", "')}" is missing in the file`
  return kind === 'service_account' && !isPrivateKey(credentials['private_key'])
    ? '"private_key" in the file is not a private key'
    : undefined
}

function isPrivateKey(pem: unknown): boolean {
  try {
    createPrivateKey(String(pem))
    return true
  } catch {
    return false
  }
}
