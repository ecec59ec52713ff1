import { Metadata, type ServiceError, status } from '@grpc/grpc-js'
import { describe, expect, it } from 'vitest'
import { exportFailure } from '../../../src/export/exporters/export-failure.ts'
import { grpcFailure } from '../../../src/export/exporters/grpc-failure.ts'
import { httpFailure } from '../../../src/export/exporters/http-failure.ts'
import { networkFailure } from '../../../src/export/exporters/network-failure.ts'
import { PRIVATE_KEY_LABEL } from '../../support/private-key-label.ts'

const NOW = Date.parse('2026-11-22T12:00:00Z')

function grpcError(code: status, details: string, trailers: Record<string, string> = {}): ServiceError {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(trailers)) metadata.set(name, value)
  return Object.assign(new Error(details), { code, details, metadata })
}

function httpAnswer(code: number, headers: Record<string, string> = {}, body = '') {
  return { status: code, headers, body: Buffer.from(body) }
}

describe('a failed gRPC call', () => {
  it.each([
    [status.UNAVAILABLE, 'No connection established. Last error: connect ECONNREFUSED', 'connection', true],
    [status.UNAVAILABLE, 'Name resolution failed for target dns:nowhere:443', 'connection', true],
    [status.UNAVAILABLE, 'The service is currently unavailable.', 'server', true],
    [status.RESOURCE_EXHAUSTED, 'Quota exceeded for quota metric', 'throttled', true],
    [status.RESOURCE_EXHAUSTED, 'grpc: received message larger than max (5 vs. 4)', 'rejected-data', false],
    [status.INTERNAL, 'Request message serialization failure: no', 'rejected-data', false],
    [status.UNIMPLEMENTED, 'unknown service', 'unknown', false],
  ])('with %i %s is a matter of %s', (code, details, kind, retryable) => {
    expect(grpcFailure(grpcError(code, details))).toMatchObject({ kind, retryable })
  })

  it.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'grpc-retry-pushback-ms': '250' }, 250],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('with the trailers %o asks for a pause of %s ms', (trailers, pause) => {
    expect(grpcFailure(grpcError(status.UNAVAILABLE, 'later', trailers)).retryAfterMs).toBe(pause)
  })
})

describe('a refusal by HTTP', () => {
  it.each([
    [408, 'timeout', true],
    [413, 'rejected-data', false],
    [302, 'unknown', false],
    [404, 'unknown', false],
    [502, 'server', true],
    [501, 'server', false],
  ])('with %i is a matter of %s', (code, kind, retryable) => {
    expect(httpFailure(httpAnswer(code), true, NOW)).toMatchObject({ kind, retryable })
  })

  it('with 500 is tried again at Google only, as the specification forbids it elsewhere', () => {
    expect(httpFailure(httpAnswer(500), true, NOW).retryable).toBe(true)
    expect(httpFailure(httpAnswer(500), false, NOW).retryable).toBe(false)
  })

  it.each([
    ['12', 12_000],
    ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['later', undefined],
  ])('with Retry-After "%s" asks for a pause of %s ms', (header, pause) => {
    expect(httpFailure(httpAnswer(503, { 'retry-after': header }), true, NOW).retryAfterMs).toBe(pause)
  })

  it('says what a JSON answer says, and not the HTML of a proxy', () => {
    const json = httpAnswer(403, {}, '{"error":{"code":403,"message":"Permission denied"}}')
    expect(httpFailure(json, true, NOW).message).toBe('HTTP 403: Permission denied')
    expect(httpFailure(httpAnswer(502, {}, '<html>nginx</html>'), true, NOW).message).toBe('HTTP 502')
  })
})

describe('trouble of the network', () => {
  it.each([
    ['ECONNREFUSED', 'connection'],
    ['ENOTFOUND', 'connection'],
    ['EAI_AGAIN', 'connection'],
    ['EPROTO', 'connection'],
    ['CERT_HAS_EXPIRED', 'connection'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'connection'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'connection'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'connection'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'connection'],
    ['ETIMEDOUT', 'timeout'],
  ])('%s is a matter of %s', (code, kind) => {
    const error = Object.assign(new Error('outer'), { cause: Object.assign(new Error('inner'), { code }) })
    expect(networkFailure(error, 'said')).toMatchObject({ kind, retryable: true, message: 'said' })
  })

  it('is not what a programming mistake is', () => {
    expect(networkFailure(new TypeError('x is undefined'), 'said')).toBeUndefined()
    expect(networkFailure(undefined, 'said')).toBeUndefined()
  })
})

describe('the message of a failure', () => {
  it.each([
    ['authorization: Bearer ya29.c.b0Aaekm1K_secret refused', /secret/],
    ['token ya29.a0secret expired', /secret/],
    ['jwt eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2VjcmV0', /c2VjcmV0/],
    [`key -----BEGIN ${PRIVATE_KEY_LABEL}-----\nsecret\n-----END ${PRIVATE_KEY_LABEL}-----`, /secret/],
    ['connect to http://user:secret@proxy:3128', /secret/],
  ])('has no token or key in it: %s', (message, secret) => {
    expect(exportFailure('unknown', false, message).message).not.toMatch(secret)
  })

  it('is one short line', () => {
    const { message } = exportFailure('unknown', false, `a\r\n  b ${'c'.repeat(1000)}`)
    expect(message).toMatch(/^a b c+$/)
    expect(message.length).toBeLessThanOrEqual(400)
  })
})
