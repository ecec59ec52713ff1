import { describe, expect, it } from 'vitest'
import { redactingLog } from '../../../src/export/privacy/redacting-log.ts'
import { recordingLog } from '../delivery/recording-log.ts'
import { PRIVATE_KEY_LABEL } from '../../support/private-key-label.ts'

const { log, lines } = recordingLog()
const redacting = redactingLog(log)

describe('the log of the export thread', () => {
  it.each([
    ['a token', 'HTTP 401: Bearer ya29.a0AfH6SMBx3kqPz9Q8w7E6r5T4y3U2i1O0', 'ya29'],
    ['a signed token', 'refused: eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl', 'eyJ'],
    ['an api key', 'bad key AIzaSyD4k3yD4k3yD4k3yD4k3yD4k3yD4k3y', 'AIza'],
    ['a private key', `cannot parse -----BEGIN ${PRIVATE_KEY_LABEL}-----\nMIIEvQIBADAN`, 'MIIE'],
    ['a password in an address', 'ECONNREFUSED https://jane:hunter2@proxy.example:3128', 'hunter2'],
  ])('holds no %s', (_, message, secret) => {
    for (const level of ['error', 'warn', 'info', 'debug'] as const) redacting[level](message)
    expect(lines.splice(0).join('\n')).not.toContain(secret)
  })

  it('keeps all that helps', () => {
    redacting.warn('spans were not accepted by otel.example:4318 (connection): ECONNREFUSED 10.1.2.3:4318')
    expect(lines.splice(0)).toEqual([
      'warn: spans were not accepted by otel.example:4318 (connection): ECONNREFUSED 10.1.2.3:4318',
    ])
  })
})
