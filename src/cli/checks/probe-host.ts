import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { request as connectRequest } from 'node:http'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { messageOf } from '../../shared/errors.ts'

/** How far one came on the way to a host. */
export type HostProbe =
  | {
      readonly reached: true
      readonly milliseconds: number
      readonly tls: string | undefined
      readonly date: Date | undefined
    }
  | { readonly reached: false; readonly step: 'name lookup' | 'connection' | 'TLS'; readonly problem: string }
  | { readonly reached: false; readonly step: 'proxy'; readonly status: number }

/** Where to, and on which way. */
export interface ProbeTarget {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  /** URL of the proxy; undefined: directly. */
  readonly proxy: string | undefined
  /** Ask over HTTP what time it is there. */
  readonly askDate?: boolean
}

const STEP_MS = 5000

/** Goes the way of a request step by step: name, connection or proxy, TLS. Sends nothing of the user's. Never rejects. */
export async function probeHost(target: ProbeTarget): Promise<HostProbe> {
  const start = performance.now()
  let step: 'name lookup' | 'connection' | 'TLS' = 'name lookup'
  let socket: Socket | undefined
  try {
    const through = target.proxy === undefined ? undefined : new URL(target.proxy)
    await within(lookup(through?.hostname ?? target.host), 'no answer')
    step = 'connection'
    const opened = through ? await tunnel(through, target) : await open(target)
    if (typeof opened === 'number') return { reached: false, step: 'proxy', status: opened }
    socket = opened
    if (!target.tls) return { reached: true, milliseconds: since(start), tls: undefined, date: undefined }
    step = 'TLS'
    const secured = connectTls({
      socket: opened,
      servername: target.host,
      // gRPC servers speak nothing else; for a question about the time, HTTP/1.1 is simpler.
      ALPNProtocols: target.askDate ? ['http/1.1'] : ['h2', 'http/1.1'],
      // With a wrong clock every certificate looks out of date, and the time is all that is asked for here.
      rejectUnauthorized: !target.askDate,
    })
    socket = secured
    await within(once(secured, 'secureConnect'), 'no answer to the handshake')
    const milliseconds = since(start)
    const tls = secured.getProtocol() ?? undefined
    const date = target.askDate ? await within(askDate(secured, target.host), 'no answer') : undefined
    return { reached: true, milliseconds, tls, date }
  } catch (thrown) {
    return { reached: false, step, problem: messageOf(thrown) || step }
  } finally {
    socket?.on('error', () => {})
    socket?.destroy()
  }
}

async function open({ host, port }: ProbeTarget): Promise<Socket> {
  const socket = connectTcp({ host, port })
  try {
    await within(once(socket, 'connect'), 'no answer: packets are dropped on the way')
    return socket
  } catch (thrown) {
    socket.on('error', () => {})
    socket.destroy()
    throw thrown
  }
}

/** The socket behind the proxy, or the status with which it refused. */
async function tunnel(proxy: URL, { host, port }: ProbeTarget): Promise<Socket | number> {
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
  const request = connectRequest({
    host: proxy.hostname,
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    method: 'CONNECT',
    path: `${host}:${port}`,
    agent: false,
    headers: proxy.username
      ? { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }
      : {},
  })
  const answered = new Promise<Socket | number>((resolve, reject) => {
    request.on('connect', ({ statusCode = 0 }, socket: Socket) => {
      if (statusCode === 200) resolve(socket)
      else {
        socket.destroy()
        resolve(statusCode)
      }
    })
    request.on('response', ({ statusCode = 0 }) => resolve(statusCode))
    request.on('error', reject)
  })
  request.end()
  try {
    return await within(answered, 'the proxy does not answer')
  } catch (thrown) {
    request.destroy()
    throw thrown
  }
}

async function askDate(socket: TLSSocket, host: string): Promise<Date | undefined> {
  socket.write(`HEAD / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  let head = ''
  for await (const chunk of socket) {
    head += String(chunk)
    const [, date] = /^date: (.+?)\r$/im.exec(head) ?? []
    if (date !== undefined) return new Date(date)
    if (head.includes('\r\n\r\n')) break
  }
  return undefined
}

async function within<T>(work: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${otherwise} within ${STEP_MS / 1000} s`)), STEP_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function since(start: number): number {
  return Math.round(performance.now() - start)
}
