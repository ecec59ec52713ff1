import { type Agent, request as httpRequest } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'

const LONGEST_ANSWER = 64 * 1024

/** A request body and where it goes. */
export interface HttpPost {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly agent: Agent
  readonly tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'minVersion'>
  /** Milliseconds until the whole exchange is given up. */
  readonly timeoutMs: number
}

/** What came back. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** At most 64 KiB of it. */
  readonly body: Buffer
}

/**
 * Posts once, and once more if a kept connection turns out to have been closed by the other side meanwhile.
 *
 * @param post what, where, for how long
 * @returns any answer, whatever its status; undefined when the time was over. Rejects with the error of the network
 */
export async function httpPost(post: HttpPost): Promise<HttpAnswer | undefined> {
  const signal = AbortSignal.timeout(Math.max(1, Math.round(post.timeoutMs)))
  try {
    return await attempt(post, signal).catch((thrown: unknown) => {
      if (thrown instanceof StaleConnection) return attempt(post, signal)
      throw thrown
    })
  } catch (thrown) {
    if (signal.aborted) return undefined
    throw thrown instanceof StaleConnection ? thrown.cause : thrown
  }
}

class StaleConnection extends Error {}

class ProxyRefusal extends Error {
  readonly code = 'ECONNREFUSED'
}

function attempt(post: HttpPost, signal: AbortSignal): Promise<HttpAnswer> {
  const { url, headers, body, agent, tls } = post
  const send = url.protocol === 'http:' ? httpRequest : httpsRequest
  return new Promise((resolve, reject) => {
    const options: RequestOptions = { method: 'POST', headers: { ...headers }, agent, signal, ...tls }
    const request = send(url, options, (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        if (bytes < LONGEST_ANSWER) chunks.push(chunk)
        bytes += chunk.length
      })
      response.on('error', reject)
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) })
      })
    })
    // Otherwise the proxy's refusal would look like an answer of the service.
    request.on('proxyConnect', ({ statusCode }: { statusCode: number }) => {
      if (statusCode !== 200) request.destroy(new ProxyRefusal(`the proxy answered ${statusCode} to CONNECT`))
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && error.code === 'ECONNRESET'
      reject(stale ? new StaleConnection(error.message, { cause: error }) : error)
    })
    request.end(body)
  })
}
