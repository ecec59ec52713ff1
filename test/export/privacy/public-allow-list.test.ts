import { describe, expect, it } from 'vitest'
import { createPublicAllowList } from '../../../src/export/privacy/public-allow-list.ts'
import { spanOf } from './span-of.ts'

const filter = createPublicAllowList(new Uint8Array(32))

describe('the allow-list of public mode', () => {
  it('lets a built-in span through with its times, ids and attributes', () => {
    const span = spanOf({ parentSpanId: '00f067aa0ba902b7', incomplete: true })
    expect(filter(span)).toEqual({ ...span, traceId: expect.stringMatching(/^[0-9a-f]{32}$/) })
  })

  it.each(['configured', 'code'] as const)('keeps back a span of origin %s', (origin) => {
    expect(filter(spanOf({ origin }))).toBeUndefined()
  })

  it('keeps back a built-in span with a name that is not built in', () => {
    expect(filter(spanOf({ name: 'zen.orchestrator.run for jane' }))).toBeUndefined()
  })

  it('drops every field and attribute that is not on the list', () => {
    const canary = 'canary-5f1c'
    const span = {
      ...spanOf({
        attributes: { operation: canary, 'zen.version': `1.0.0-${canary}`, [canary]: canary, 'user.id': 7 },
        error: { type: `${canary}Error`, message: canary, stack: canary },
        recorded: [{ type: canary, message: canary, stack: canary, at: 1 }],
      }),
      traceState: canary,
      added: { later: canary },
    }
    const filtered = filter(span)
    expect(filtered).toEqual({
      ...spanOf({ attributes: {}, error: { type: 'Error' } }),
      traceId: expect.any(String),
    })
    expect(JSON.stringify(filtered)).not.toContain(canary)
  })

  it('names no parent that is not the agent’s own', () => {
    const filtered = filter(spanOf({ parentSpanId: '00f067aa0ba902b7', parentIsRemote: true }))
    expect(filtered).not.toHaveProperty('parentSpanId')
    expect(filtered).not.toHaveProperty('parentIsRemote')
  })

  it('gives a trace an id that is not the application’s, and the same one to all its spans', () => {
    const child = filter(spanOf({ parentSpanId: 'b7ad6b7169203331', spanId: '00f067aa0ba902b7' }))
    const parent = filter(spanOf())
    expect(child?.traceId).toBe(parent?.traceId)
    expect(child?.traceId).not.toBe(spanOf().traceId)
    expect(filter(spanOf({ traceId: 'f'.repeat(32) }))?.traceId).not.toBe(parent?.traceId)
    expect(createPublicAllowList(new Uint8Array([1]))(spanOf())?.traceId).not.toBe(parent?.traceId)
  })

  it.each([
    'Error',
    'TypeError',
    'AbortError',
    'AggregateError',
    'AssertionError',
    'ZenError',
    'CommandError',
  ])('says that the error was a %s', (type) => {
    expect(filter(spanOf({ error: { type, message: 'no' } }))?.error).toEqual({ type })
  })

  it.each(['AcmeBillingError', 'ZenAcmeError', 'string', 'constructor', '__proto__', ''])(
    'says Error for the class %j',
    (type) => {
      expect(filter(spanOf({ error: { type } }))?.error).toEqual({ type: 'Error' })
    },
  )

  it.each(['1.4.2', '0.0.1', '2.0.0-beta.3', '3.1.0-rc'])('records the version %s', (version) => {
    expect(filter(spanOf({ attributes: { 'zen.version': version } }))?.attributes).toEqual({
      'zen.version': version,
    })
  })

  it.each(['1.4', 'latest', '1.4.2-jane', '1.4.2+acme', 'file:../zen', '1.4.2\n', '1.4.2-beta.3.acme', 142])(
    'does not record the version %j',
    (version) => {
      expect(filter(spanOf({ attributes: { 'zen.version': version } }))?.attributes).toEqual({})
    },
  )

  it('records zen.incomplete only as true', () => {
    expect(filter(spanOf({ attributes: { 'zen.incomplete': true } }))?.attributes).toEqual({
      'zen.incomplete': true,
    })
    expect(filter(spanOf({ attributes: { 'zen.incomplete': 'jane' } }))?.attributes).toEqual({})
  })
})
