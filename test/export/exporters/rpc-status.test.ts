import { describe, expect, it } from 'vitest'
import { loadProtocolMessages } from '../../../fixtures/google-cloud/protocol-messages.ts'
import { readRetryInfo, readRpcStatus } from '../../../src/export/exporters/rpc-status.ts'

const messages = loadProtocolMessages()

describe('an encoded google.rpc.Status', () => {
  it('is read with its message and the pause among its details', () => {
    expect(readRpcStatus(messages.encodeStatus(8, 'quota is used up – for today', 2.5))).toEqual({
      message: 'quota is used up – for today',
      retryAfterMs: 2500,
    })
  })

  it('needs no details', () => {
    expect(readRpcStatus(messages.encodeStatus(3, 'bad', undefined))).toEqual({
      message: 'bad',
      retryAfterMs: undefined,
    })
  })

  it.each([[Buffer.from('<html>502</html>')], [Buffer.from([0x12, 0xff])], [Buffer.alloc(0)]])(
    'may be anything else without harm: %o',
    (bytes) => {
      expect(readRpcStatus(bytes).retryAfterMs).toBeUndefined()
    },
  )
})

describe('an encoded google.rpc.RetryInfo', () => {
  it('is read as milliseconds', () => {
    expect(readRetryInfo(Buffer.from('0a020846', 'hex'))).toBe(70_000)
    expect(readRetryInfo(Buffer.from('0a061080cab5ee01', 'hex'))).toBe(500)
    expect(readRetryInfo(Buffer.alloc(0))).toBeUndefined()
  })
})
