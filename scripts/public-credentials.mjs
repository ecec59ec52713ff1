import { readFileSync } from 'node:fs'

const PUBLIC_PROJECT = 'zen-telemetry-public'

/**
 * Reads and checks the community key that a release build carries. A build without one has no public mode.
 *
 * @param {string | undefined} file the value of `ZEN_PUBLIC_CREDENTIALS_FILE`
 * @returns {string | undefined} the key as JSON with the fields that are needed
 * @throws {Error} if a file is named but is not a service-account key of the public project
 */
export function readPublicCredentials(file) {
  if (!file) return undefined
  const name = `ZEN_PUBLIC_CREDENTIALS_FILE="${file}"`
  let key
  try {
    key = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Error(
      `${name} cannot be read as JSON (${error.code ?? 'not JSON'}). Name a service-account key file, or unset it.`,
    )
  }
  if (key.type !== 'service_account' || !key.client_email || !key.private_key) {
    throw new Error(
      `${name} is not a service-account key: its type is "${key.type}". Name a key of ${PUBLIC_PROJECT}, or unset it.`,
    )
  }
  if (key.project_id !== PUBLIC_PROJECT) {
    throw new Error(
      `${name} is a key of project "${key.project_id}". Only a key of ${PUBLIC_PROJECT} may be built in.`,
    )
  }
  const { type, project_id, private_key_id, private_key, client_email } = key
  return JSON.stringify({ type, project_id, private_key_id, private_key, client_email })
}
