import { resetIsAvailableCache } from 'gcp-metadata'
import {
  type AuthClient,
  GoogleAuth,
  type GoogleAuthOptions,
  JWT,
  UserRefreshClient,
} from 'google-auth-library'
import { messageOf } from '../../shared/errors.ts'
import type { ServiceAccountKey } from '../destination/community-key.ts'
import { exportFailure } from './export-failure.ts'
import type { ExportFailure } from './exporter.ts'
import { networkFailure } from './network-failure.ts'
import { TIMED_OUT, withinTime } from './within-time.ts'

/** Enough to write spans through both APIs, and to do nothing else. */
const TRACE_SCOPE = 'https://www.googleapis.com/auth/trace.append'

/** Enough to write metrics, and to do nothing else. */
export const METRICS_SCOPE = 'https://www.googleapis.com/auth/monitoring.write'

/** Without a project given, the library starts `gcloud` as a child process to learn one. */
const NO_PROJECT = 'none'

/** Headers that authorise a request, in lower case. */
interface AuthorizationHeaders {
  readonly status: 'authorized'
  readonly headers: Readonly<Record<string, string>>
  /** When the token in them expires, in milliseconds since 1970; undefined for one that was signed here. */
  readonly expiresAt: number | undefined
}

/** Tokens for Google's services. */
export interface GoogleCredentials {
  /**
   * A token that is valid for some minutes at least; mostly the one of the last call.
   *
   * @param timeoutMs milliseconds
   * @returns never rejects
   */
  headers(timeoutMs: number): Promise<AuthorizationHeaders | ExportFailure>
  /** Looks for credentials anew at the next call: these were refused, better ones may have come. */
  forget(): void
}

/**
 * Makes tokens from a key, or from Application Default Credentials: the file of `GOOGLE_APPLICATION_CREDENTIALS`, else
 * gcloud's, else the metadata server. A service account signs its tokens itself, without any request.
 *
 * @param projectId billed for the quota when the credentials are a person's and name no project
 * @param key used instead of the default credentials
 * @param scope what the tokens allow. Default: to write spans
 */
export function createGoogleCredentials(
  projectId: string | undefined,
  key?: ServiceAccountKey,
  scope: string = TRACE_SCOPE,
): GoogleCredentials {
  let client: Promise<AuthClient> | undefined
  /** The answer that is waited for: the library would ask once more for everybody who asks. */
  let asked: ReturnType<AuthClient['getRequestHeaders']> | undefined
  const forget = (): void => {
    client = asked = undefined
    // Otherwise "no metadata server" is remembered for ever, though on GKE it may take seconds to come up.
    resetIsAvailableCache()
  }
  return {
    forget,
    async headers(timeoutMs) {
      try {
        client ??= key ? Promise.resolve(clientOfKey(key, scope)) : defaultClient(projectId, scope)
        asked ??= client.then((found) => found.getRequestHeaders())
        const headers = await withinTime(asked, timeoutMs)
        asked = undefined
        if (headers !== TIMED_OUT) {
          const expiresAt = (await client).credentials.expiry_date ?? undefined
          return { status: 'authorized', headers: Object.fromEntries(headers.entries()), expiresAt }
        }
        forget()
        return exportFailure('timeout', true, `no token of Google Cloud within ${Math.round(timeoutMs)} ms`)
      } catch (thrown) {
        forget()
        return failureOf(thrown)
      }
    },
  }
}

function clientOfKey(
  { clientEmail, privateKey, privateKeyId }: ServiceAccountKey,
  scope: string,
): AuthClient {
  const client = new JWT({
    email: clientEmail,
    key: privateKey,
    scopes: [scope],
    ...(privateKeyId === undefined ? {} : { keyId: privateKeyId }),
  })
  client.useJWTAccessWithScope = true
  return client
}

async function defaultClient(projectId: string | undefined, scope: string): Promise<AuthClient> {
  const client = await createAuth({ projectId: projectId ?? NO_PROJECT, scopes: [scope] }).getClient()
  if (client instanceof JWT) client.useJWTAccessWithScope = true
  if (client instanceof UserRefreshClient && projectId !== undefined) client.quotaProjectId ??= projectId
  return client
}

/** An unusable file does not end the search: the user was warned, and spans go wherever they still can. */
function createAuth(options: GoogleAuthOptions): GoogleAuth {
  const auth = new GoogleAuth(options)
  // oxlint-disable-next-line no-underscore-dangle -- the library's name
  const fromFile = auth._tryGetApplicationCredentialsFromEnvironmentVariable.bind(auth)
  // oxlint-disable-next-line no-underscore-dangle -- the library's name
  auth._tryGetApplicationCredentialsFromEnvironmentVariable = (clientOptions) =>
    fromFile(clientOptions).catch(() => null)
  return auth
}

function failureOf(thrown: unknown): ExportFailure {
  const message = `no token of Google Cloud: ${messageOf(thrown)}`
  const { status, response } = thrown as { status?: unknown; response?: { status?: unknown } }
  const code = Number(response?.status ?? status)
  if (code === 429) return exportFailure('throttled', true, message)
  if (code >= 500) return exportFailure('server', true, message)
  return networkFailure(thrown, message) ?? exportFailure('credentials', true, message)
}
