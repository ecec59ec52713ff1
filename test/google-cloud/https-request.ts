import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import type { GoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'

export interface HttpsResult {
  status: number
  headers: Record<string, unknown>
  body: string
}

/** Posts to one of the TLS services by its local address, trusting the CA of the cloud. */
export function httpsPost(
  cloud: GoogleCloud,
  url: string,
  headers: Record<string, string>,
  body: string | Buffer,
  timeoutMs = 5000,
): Promise<HttpsResult> {
  return new Promise((resolve, reject) => {
    const ca = readFileSync(cloud.caFile)
    const signal = AbortSignal.timeout(timeoutMs)
    const outgoing = request(url, { method: 'POST', headers, ca, signal, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += String(chunk)))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
