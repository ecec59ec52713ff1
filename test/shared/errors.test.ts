import { expect, it } from 'vitest'
import { messageOf } from '../../src/shared/errors.ts'

it.each([
  [new Error('broken'), 'broken'],
  ['text', 'text'],
  [undefined, 'undefined'],
  [Symbol('s'), 'Symbol(s)'],
])('says what was thrown', (thrown, message) => {
  expect(messageOf(thrown)).toBe(message)
})

it('throws nothing, whatever it is given', () => {
  const hostile = Object.defineProperty(new Error(), 'message', {
    get() {
      throw new Error('no')
    },
  })
  expect(messageOf(hostile)).toBe('an error that cannot be read')
  expect(messageOf(Object.create(null))).toBe('an error that cannot be read')
})
