import { describe, expect, it } from 'vitest'
import { createPrivacyFilter, type PrivacyFilterOptions } from '../../../src/export/privacy/filter.ts'
import { spanOf } from './span-of.ts'

const CONFIG: PrivacyFilterOptions['config'] = {
  piiFilter: true,
  attributesAllow: [],
  attributesDeny: [],
  errorDetails: 'stack',
}

function filterOf(mode: PrivacyFilterOptions['mode'], config: Partial<PrivacyFilterOptions['config']> = {}) {
  return createPrivacyFilter({
    mode,
    config: { ...CONFIG, ...config },
    names: { user: 'jane.doe', host: 'laptop' },
  })
}

const personal = spanOf({
  name: 'mail.send',
  origin: 'configured',
  attributes: { to: 'jane@example.com', operation: 'main_loop' },
  error: { type: 'MailError', message: 'no jane.doe', stack: 'MailError: no\n at /home/jane/x.js:1:2' },
})

describe.each(['private', 'local'] as const)('the privacy filter in %s mode', (mode) => {
  it('removes personal data from everything', () => {
    expect(filterOf(mode)(personal)).toEqual({
      ...personal,
      attributes: { to: '[email]', operation: 'main_loop' },
      error: { type: 'MailError', message: 'no [user]', stack: 'MailError: no\n at /home/[user]/x.js:1:2' },
    })
  })

  it('keeps personal data if the user switched the PII filter off', () => {
    expect(filterOf(mode, { piiFilter: false })(personal)).toEqual(personal)
  })

  it('returns the very same span where all of it may leave, and a new one where anything may not', () => {
    const plain = spanOf({
      attributes: { operation: 'main_loop', n: 1, ok: true, tags: ['a', 'b'], sizes: [1, 2], none: [] },
      error: { type: 'Error', message: 'no', stack: 'Error: no' },
      recorded: [{ type: 'Error', message: 'no', at: 1 }],
      incomplete: true,
    })
    const before = JSON.stringify(plain)
    expect(filterOf(mode)(plain)).toBe(plain)
    for (const changed of [
      { name: 'to jane@example.com' },
      { attributes: { ...plain.attributes, 'to jane@example.com': 1 } },
      { attributes: { ...plain.attributes, tags: ['a', 'jane@example.com'] } },
      { attributes: { ...plain.attributes, card: 4111111111111111 } },
      { attributes: { ...plain.attributes, '': 1 } },
      { error: { type: 'Error', stack: 'Error: jane@example.com' } },
      { recorded: [{ type: 'jane@example.com', at: 1 }] },
    ]) {
      const span = { ...plain, ...changed }
      const filtered = filterOf(mode)(span)
      expect(filtered).not.toBe(span)
      expect(JSON.stringify(filtered)).not.toMatch(/jane|4111|"":/)
    }
    expect(JSON.stringify(plain)).toBe(before)
  })

  it('leaves nothing of a span for the next one, however often it comes', () => {
    const filter = filterOf(mode)
    for (let round = 0; round < 3; round++) {
      expect(filter(spanOf({ name: 'jane@example.com' }))?.name).toBe('[email]')
      expect(filter(spanOf({ name: '[email]' }))?.name).toBe('[email]')
      expect(filter(spanOf({ name: `call ${round}` }))?.name).toBe(`call ${round}`)
    }
  })

  it('keeps ids, times, origin, parent and incompleteness as they are', () => {
    const span = spanOf({ parentSpanId: '00f067aa0ba902b7', parentIsRemote: true, incomplete: true })
    expect(filterOf(mode)(span)).toEqual(span)
  })

  it('obeys globs, which see the names before the PII filter changes them', () => {
    const span = spanOf({
      attributes: { 'mail.jane@example.com': 1, 'http.route': '/', operation: 'main_loop' },
    })
    expect(filterOf(mode, { attributesDeny: ['mail.*@*', 'operation'] })(span)?.attributes).toEqual({
      'http.route': '/',
    })
    expect(filterOf(mode, { attributesAllow: ['http.*'] })(span)?.attributes).toEqual({
      'http.route': '/',
      operation: 'main_loop',
    })
  })

  it('denies zen.incomplete also where it is a field', () => {
    const span = spanOf({ incomplete: true, attributes: { 'zen.incomplete': true } })
    expect(filterOf(mode, { attributesDeny: ['zen.incomplete'] })(span)).toEqual(spanOf({ attributes: {} }))
  })

  it('obeys the details of errors', () => {
    expect(filterOf(mode, { errorDetails: 'type' })(personal)?.error).toEqual({ type: 'MailError' })
    expect(filterOf(mode, { errorDetails: 'message' })(personal)?.error).toEqual({
      type: 'MailError',
      message: 'no [user]',
    })
  })

  it('cuts after filtering, so that no half of a secret stays at the cut', () => {
    const address = 'jane@example.com'
    for (let before = 65_536 - address.length - 1; before <= 65_536; before++) {
      const value = filterOf(mode)(spanOf({ attributes: { v: `${'-'.repeat(before - 1)} ${address}` } }))
      expect(value?.attributes['v']).not.toContain('jane')
    }
  })

  it('does not change the span it is given', () => {
    const before = structuredClone(personal)
    filterOf(mode)(personal)
    expect(personal).toEqual(before)
  })
})

describe('the privacy filter in public mode', () => {
  it('keeps back what is not built in', () => {
    expect(filterOf('public')(personal)).toBeUndefined()
  })

  it('is the allow-list, whatever the configuration says', () => {
    const span = spanOf({ attributes: { operation: 'main_loop', note: 'hello' }, error: personal.error! })
    const filtered = filterOf('public', { piiFilter: false, attributesAllow: ['*'] })(span)
    expect(filtered).toEqual({
      ...spanOf({ attributes: { operation: 'main_loop' }, error: { type: 'Error' } }),
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    })
  })

  it('gives traces ids that differ from filter to filter, unless the salt is given', () => {
    const salt = new Uint8Array(32)
    const make = (given?: Uint8Array) =>
      createPrivacyFilter({ mode: 'public', config: CONFIG, names: {}, ...(given && { salt: given }) })
    expect(make()(spanOf())?.traceId).not.toBe(make()(spanOf())?.traceId)
    expect(make(salt)(spanOf())?.traceId).toBe(make(salt)(spanOf())?.traceId)
  })
})
