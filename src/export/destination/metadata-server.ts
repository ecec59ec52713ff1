import { get } from 'node:http'
import { BASE_PATH, HEADERS, HOST_ADDRESS } from 'gcp-metadata'
import type { Environment } from '../../config/load-config.ts'

/** How one question to the metadata server ended. */
export type MetadataReply =
  | { readonly kind: 'answer'; readonly status: number; readonly google: boolean; readonly body: string }
  | { readonly kind: 'silence'; readonly connected: boolean; readonly code: string }

const LONGEST_BODY = 1_000

/**
 * The address of an entry of the metadata server.
 *
 * @param environment names and values; `GCE_METADATA_HOST` and `GCE_METADATA_IP` count
 * @param path such as `project/project-id`
 * @returns undefined if the variables name no address that could be asked
 */
export function metadataUrl(environment: Environment, path: string): string | undefined {
  const host = environment['GCE_METADATA_IP'] || environment['GCE_METADATA_HOST']
  const base = /^https?:/.test(host ?? '') ? host! : host ? `http://${host}` : HOST_ADDRESS
  const url = `${base}${BASE_PATH}/${path}`
  return URL.canParse(url) && url.startsWith('http:') ? url : undefined
}

/**
 * Asks the metadata server once. `gcp-metadata` would go through a proxy, retry for seconds, print warnings and cannot
 * tell a server that hangs from one that is not there; so only its facts are used. Never rejects.
 *
 * @param signal ends the question
 */
export function askMetadataServer(url: string, signal: AbortSignal): Promise<MetadataReply> {
  return new Promise((resolve) => {
    let connected = false
    const silence = (error: NodeJS.ErrnoException): void =>
      resolve({ kind: 'silence', connected, code: error.code ?? error.name })
    const request = get(url, { headers: { ...HEADERS }, signal, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk.slice(0, LONGEST_BODY)
      })
      response.on('error', silence)
      response.on('end', () => {
        const google = response.headers['metadata-flavor'] === 'Google'
        resolve({ kind: 'answer', status: response.statusCode ?? 0, google, body })
      })
    })
    request.on('socket', (socket) => {
      socket.on('connect', () => {
        connected = true
      })
    })
    request.on('error', silence)
  })
}
