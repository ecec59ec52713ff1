import { describe, expect, it } from 'vitest'
import { limitErrorDetails } from '../../../src/export/privacy/error-details.ts'
import { spanOf } from './span-of.ts'

const error = { type: 'TypeError', message: 'no', stack: 'TypeError: no\n    at f' }
const span = spanOf({ error, recorded: [{ ...error, at: 5 }] })

describe('details of errors', () => {
  it('keeps all of an error with `stack`', () => {
    expect(limitErrorDetails(span, 'stack')).toBe(span)
  })

  it('keeps class and message with `message`, of recorded errors too', () => {
    const kept = { type: 'TypeError', message: 'no' }
    expect(limitErrorDetails(span, 'message')).toEqual({
      ...span,
      error: kept,
      recorded: [{ ...kept, at: 5 }],
    })
  })

  it('keeps the class alone with `type`', () => {
    const kept = { type: 'TypeError' }
    expect(limitErrorDetails(span, 'type')).toEqual({ ...span, error: kept, recorded: [{ ...kept, at: 5 }] })
  })

  it('adds no error to a span without one', () => {
    expect(limitErrorDetails(spanOf(), 'type')).toEqual(spanOf())
  })
})
