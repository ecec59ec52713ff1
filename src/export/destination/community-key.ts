/** The fields of a service account's key file that signing a token takes. */
export interface ServiceAccountKey {
  readonly clientEmail: string
  /** PEM. */
  readonly privateKey: string
  readonly privateKeyId: string | undefined
}

/** Replaced by the build with the text of the key file, or with `undefined`. */
// oxlint-disable-next-line no-underscore-dangle -- cannot be a name of anybody else's
declare const __ZEN_PUBLIC_CREDENTIALS__: string | undefined

/** The write-only key of public mode that this build carries; undefined if it carries none. */
export function communityKey(): ServiceAccountKey | undefined {
  // `typeof` of a name that nobody declared does not throw: so it is in the tests and in a build without a key.
  return parseServiceAccountKey(
    typeof __ZEN_PUBLIC_CREDENTIALS__ === 'string' ? __ZEN_PUBLIC_CREDENTIALS__ : undefined,
  )
}

/**
 * Reads the text of a service account's key file.
 *
 * @param text JSON
 * @returns undefined if it is not such a file
 */
export function parseServiceAccountKey(text: string | undefined): ServiceAccountKey | undefined {
  if (!text) return undefined
  try {
    const { client_email, private_key, private_key_id } = JSON.parse(text) as Record<string, unknown>
    if (typeof client_email !== 'string' || typeof private_key !== 'string') return undefined
    return {
      clientEmail: client_email,
      privateKey: private_key,
      privateKeyId: typeof private_key_id === 'string' ? private_key_id : undefined,
    }
  } catch {
    return undefined
  }
}
