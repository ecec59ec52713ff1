import { createGoogleCredentials } from '../../export/exporters/google-credentials.ts'
import type { CredentialsSource } from '../credentials-source.ts'
import { type Finding, finding } from '../findings/finding.ts'

const TIMEOUT_MS = 5000
const MINUTE_MS = 60_000

/**
 * Until when the credentials hold. A key file does not say it, whatever it is a key of; everything else is exchanged for
 * tokens that do.
 *
 * @param source where the credentials come from
 * @param projectId billed for the quota of a person's login
 * @returns undefined where there is no token to be had; why, the request that needs it will tell
 */
export async function credentialsExpiry(
  source: CredentialsSource,
  projectId: string | undefined,
): Promise<Finding | undefined> {
  if (source.kind === 'unusable') return undefined
  const type = source.kind === 'metadata' ? 'metadata' : source.type
  if (type === 'service_account') {
    const account = 'account' in source ? source.account : undefined
    return finding('credentials-expiry', { type, account: account ?? '<its address>' })
  }
  const token = await createGoogleCredentials(projectId).headers(TIMEOUT_MS)
  if (token.status !== 'authorized' || token.expiresAt === undefined) return undefined
  return finding('credentials-expiry', {
    type,
    until: new Date(token.expiresAt).toISOString(),
    minutes: Math.round((token.expiresAt - Date.now()) / MINUTE_MS),
  })
}
