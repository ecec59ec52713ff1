'use strict'

// Delivers one span with nothing but Node: the project and a token of the metadata server, a tunnel through the proxy,
// TLS, and one call of gRPC on HTTP/2.
const { workerData } = require('node:worker_threads')

const { answer, deliver } = workerData
const HOST = 'cloudtrace.googleapis.com'
const SCOPE = encodeURIComponent('https://www.googleapis.com/auth/trace.append')
const METHOD = '/google.devtools.cloudtrace.v2.TraceService/BatchWriteSpans'

if (deliver) void deliverOne().then(answered, failed)
else answered()

function answered() {
  Atomics.store(answer, 0, 1)
  Atomics.notify(answer, 0)
}

function failed(error) {
  require('node:fs').writeSync(2, `the bare thread has not delivered: ${error.stack}\n`)
  answered()
}

async function deliverOne() {
  const project = await askMetadata('project/project-id')
  const [{ access_token: token }, socket] = await Promise.all([
    askMetadata(`instance/service-accounts/default/token?scopes=${SCOPE}`).then(JSON.parse),
    connect(),
  ])
  await write(socket, token, batchOf(project))
}

function askMetadata(path) {
  const { get } = require('node:http')
  const url = `http://${process.env.GCE_METADATA_HOST}/computeMetadata/v1/${path}`
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'Metadata-Flavor': 'Google' } }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk) => (body += chunk))
      response.on('end', () => (response.statusCode === 200 ? resolve(body) : reject(new Error(body))))
    }).on('error', reject)
  })
}

function connect() {
  const { request } = require('node:http')
  const tls = require('node:tls')
  return new Promise((resolve, reject) => {
    const tunnel = request(process.env.HTTPS_PROXY, { method: 'CONNECT', path: `${HOST}:443` })
    tunnel.on('error', reject).on('connect', (_response, socket) => {
      const options = { socket, servername: HOST, ALPNProtocols: ['h2'], minVersion: 'TLSv1.3' }
      const secure = tls.connect(options, () => resolve(secure)).on('error', reject)
    })
    tunnel.end()
  })
}

function write(socket, token, message) {
  const { connect: open } = require('node:http2')
  return new Promise((resolve, reject) => {
    const session = open(`https://${HOST}`, { createConnection: () => socket }).on('error', reject)
    const call = session.request({
      ':method': 'POST',
      ':path': METHOD,
      'content-type': 'application/grpc',
      te: 'trailers',
      authorization: `Bearer ${token}`,
    })
    let status
    const look = (headers) => (status ??= headers['grpc-status'])
    call.on('response', look).on('trailers', look).on('error', reject)
    call.on('end', () => (status === '0' ? resolve() : reject(new Error(`gRPC says ${status}`)))).resume()
    const prefix = Buffer.alloc(5)
    prefix.writeUInt32BE(message.length, 1)
    call.end(Buffer.concat([prefix, message]))
  })
}

/** A `BatchWriteSpansRequest` with one span. */
function batchOf(project) {
  const spanId = '00f067aa0ba902b7'
  const traceId = require('node:crypto').randomBytes(16).toString('hex')
  const now = Math.floor(Date.now() / 1000)
  const time = Buffer.from([8, ...varint(now)])
  const span = Buffer.concat([
    field(1, Buffer.from(`projects/${project}/traces/${traceId}/spans/${spanId}`)),
    field(2, Buffer.from(spanId)),
    field(4, field(1, Buffer.from('bare'))),
    field(5, time),
    field(6, time),
  ])
  return Buffer.concat([field(1, Buffer.from(`projects/${project}`)), field(2, span)])
}

function field(number, bytes) {
  return Buffer.from([(number << 3) | 2, ...varint(bytes.length), ...bytes])
}

function varint(value) {
  const bytes = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest]
    bytes.push((rest % 128) + 128)
  }
}
