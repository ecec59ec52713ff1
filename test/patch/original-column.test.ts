import { describe, expect, it } from 'vitest'
import { isShifted, originalColumn, rememberShifts } from '../../src/patch/original-column.ts'

describe('a line into which text was put', () => {
  rememberShifts('/app/a.mjs', '2:4:10,2:8:3,5:0:7')

  it('is known', () => {
    expect([1, 2, 3, 5].map((line) => isShifted('/app/a.mjs', line))).toEqual([false, true, false, true])
    expect(isShifted('/app/b.mjs', 2)).toBe(false)
  })

  it.each([
    [2, 3, 3],
    [2, 4, 4],
    [2, 13, 4],
    [2, 14, 4],
    [2, 17, 7],
    [2, 19, 8],
    [2, 21, 8],
    [2, 25, 12],
    [3, 25, 25],
    [5, 8, 1],
  ])('shows its columns as they are in the file: line %i, column %i is %i', (line, column, original) => {
    expect(originalColumn('/app/a.mjs', line, column)).toBe(original)
  })
})
