import { describe, expect, it } from 'vitest'
import { proxyEnvironment } from '../../../src/export/destination/proxy-environment.ts'

const PROXY = 'http://proxy:3128'

describe('the environment of proxies', () => {
  it('is left alone without a proxy', () => {
    expect(proxyEnvironment({ NO_PROXY: 'example.com' })).toEqual({})
  })

  it.each(['HTTPS_PROXY', 'https_proxy'])('has both spellings of %s', (name) => {
    expect(proxyEnvironment({ [name]: PROXY })).toMatchObject({ https_proxy: PROXY, HTTPS_PROXY: PROXY })
  })

  it('prefers the lower-case spelling, as curl does', () => {
    const result = proxyEnvironment({ HTTPS_PROXY: 'http://upper:1', https_proxy: 'http://lower:1' })
    expect(result['HTTPS_PROXY']).toBe('http://lower:1')
  })

  it('takes a proxy without a scheme for one of plain HTTP', () => {
    expect(proxyEnvironment({ HTTPS_PROXY: 'proxy:3128' })['https_proxy']).toBe(PROXY)
  })

  it('never leads the metadata server through the proxy', () => {
    const result = proxyEnvironment({ HTTPS_PROXY: PROXY, GCE_METADATA_HOST: '127.0.0.1:8080' })
    for (const list of [result['NO_PROXY'], result['no_proxy']]) {
      expect(list?.split(',')).toEqual([
        '169.254.169.254',
        'metadata.google.internal',
        'metadata.google.internal.',
        '127.0.0.1',
      ])
    }
  })

  it('excepts nothing for an item that is empty, which is every host to grpc-js', () => {
    const result = proxyEnvironment({ HTTPS_PROXY: PROXY, NO_PROXY: 'example.com, ,' })
    expect(result['no_grpc_proxy']?.split(',')).not.toContain('')
    expect(result['no_grpc_proxy']?.split(',')).toContain('example.com')
  })

  it.each(['example.com', '.example.com', '*.example.com'])(
    'means the host and what is below it by %s',
    (item) => {
      const list = proxyEnvironment({ HTTPS_PROXY: PROXY, NO_PROXY: item })['NO_PROXY']?.split(',')
      expect(list?.slice(0, 2)).toEqual(['example.com', '.example.com'])
    },
  )

  it('makes no domain of an address', () => {
    const list = proxyEnvironment({ HTTPS_PROXY: PROXY, NO_PROXY: '10.0.0.1,10.0.0.0/8,::1' })['NO_PROXY']
    expect(list).toMatch(/^10\.0\.0\.1,10\.0\.0\.0\/8,::1,169/)
  })

  it('has no proxy at all for NO_PROXY=*', () => {
    const result = proxyEnvironment({ HTTPS_PROXY: PROXY, NO_PROXY: '*' })
    expect(new Set(Object.values(result))).toEqual(new Set(['']))
    expect(Object.keys(result)).toEqual(expect.arrayContaining(['https_proxy', 'HTTPS_PROXY', 'http_proxy']))
  })
})
