import { describe, expect, it } from 'vitest'
import { switchedOffBy } from '../../src/config/consent.ts'

describe('the agent', () => {
  it.each(['ZEN_TELEMETRY_DISABLED', 'DO_NOT_TRACK', 'OTEL_SDK_DISABLED'])(
    'is switched off by %s',
    (name) => {
      for (const value of ['true', 'TRUE', '1', 'yes', ' Yes\n']) {
        expect(switchedOffBy({ [name]: value })).toBe(name)
      }
    },
  )

  it.each([undefined, '', ' ', '0', 'false', 'no', 'off', 'on', 'truely', '11'])(
    'is not switched off by %j',
    (value) => {
      expect(switchedOffBy({ ZEN_TELEMETRY_DISABLED: value, DO_NOT_TRACK: value })).toBeUndefined()
    },
  )

  it('names the first switch where several are set', () => {
    expect(switchedOffBy({ OTEL_SDK_DISABLED: '1', DO_NOT_TRACK: '1' })).toBe('DO_NOT_TRACK')
  })
})
