import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createTraceTail } from './trace-tail.ts'

/** What is shown, and from where. */
export interface ViewServerOptions {
  /** Its folder `traces` is read, again and again. */
  readonly stateFolder: string
  /** Where the built page lies. */
  readonly pageFolder: string
}

/** A page of the traces of this machine, for its own user. */
export interface ViewServer {
  /** With the token, without which nothing is answered. */
  readonly url: string
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'
const TOKEN_BYTES = 24
const LOOK_EVERY_MS = 500
const FILES = {
  '': { file: 'page.html', type: 'text/html; charset=utf-8' },
  'page.js': { file: 'page.js', type: 'text/javascript; charset=utf-8' },
  'page.css': { file: 'page.css', type: 'text/css; charset=utf-8' },
} as const

/** The page loads its own script and style, reads its own spans, and nothing else, whatever a span may contain. */
const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const

/**
 * Serves the page on this machine alone, on a port that is free. Other users of the machine lack the token, and pages
 * of the web cannot ask under a name of their own (DNS rebinding), since the `Host` header has to be the address.
 *
 * @param options folders
 * @throws the error of the file system if the page is not there, or of the network if no port can be had
 */
export async function startViewServer(options: ViewServerOptions): Promise<ViewServer> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const files = readPage(options.pageFolder)
  const folder = join(options.stateFolder, 'traces')
  const closing = new AbortController()
  const server = createServer((request, response) => {
    const path = allowedPath(request, token, portOf(server.address()))
    const file = path === undefined ? undefined : files.get(path)
    if (file) send(response, 200, file.type, file.content)
    else if (path === 'spans') void streamSpans(folder, response, closing.signal)
    else refuse(response)
  })
  server.listen(0, LOOPBACK)
  await once(server, 'listening')

  async function close(): Promise<void> {
    closing.abort()
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { url: `http://${LOOPBACK}:${portOf(server.address())}/${token}/`, close }
}

function readPage(folder: string): Map<string, { readonly type: string; readonly content: Buffer }> {
  return new Map(
    Object.entries(FILES).map(([path, { file, type }]) => [
      path,
      { type, content: readFileSync(join(folder, file)) },
    ]),
  )
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** What follows the token; undefined if anything is not as it is when the page itself asks. */
function allowedPath(request: IncomingMessage, token: string, port: number): string | undefined {
  if (request.method !== 'GET') return undefined
  if (request.headers.host !== `${LOOPBACK}:${port}`) return undefined
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return undefined
  const [, given = '', path] = /^\/([^/?]*)\/([^?]*)/.exec(request.url ?? '') ?? []
  return isSame(given, token) ? path : undefined
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function send(response: ServerResponse, status: number, type: string, content: Buffer | string): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'content-type': type,
    'content-length': Buffer.byteLength(content),
  })
  response.end(content)
}

function refuse(response: ServerResponse): void {
  send(response, 404, 'text/plain; charset=utf-8', 'Nothing here. Open the whole address that was printed.\n')
}

/** Lines of OTLP/JSON, newest first; an empty line when that is all; then what comes, as it comes. */
async function streamSpans(folder: string, response: ServerResponse, closing: AbortSignal): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const signal = AbortSignal.any([closing, gone.signal])
  const tail = createTraceTail(folder)
  response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'application/x-ndjson; charset=utf-8' })
  try {
    for (const lines of tail.existing()) await write(response, lines, signal)
    await write(response, [''], signal)
    for (;;) {
      await sleep(LOOK_EVERY_MS, undefined, { signal, ref: false })
      await write(response, tail.added(), signal)
    }
  } catch (thrown) {
    // Whoever looked has gone, or this server ends: there is nobody left to tell.
    if (!signal.aborted) response.destroy(thrown instanceof Error ? thrown : undefined)
  }
}

async function write(response: ServerResponse, lines: readonly string[], signal: AbortSignal): Promise<void> {
  for (const line of lines) {
    if (!response.write(`${line}\n`)) await once(response, 'drain', { signal })
  }
}
