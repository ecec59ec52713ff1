import { describe, expect, it } from 'vitest'
import { isProjectId } from '../../../src/export/destination/project-id.ts'

describe('a project id', () => {
  it.each(['my-project-1', 'abcdef', `a${'b'.repeat(29)}`])('may be %s', (id) => {
    expect(isProjectId(id)).toBe(true)
  })

  it.each([
    'abcde',
    `a${'b'.repeat(30)}`,
    '1project',
    'my-project-',
    'My-Project',
    'my_project',
    '123456789',
    'a\nbcdef',
    'abcdef\n',
    '',
  ])('is not %o', (id) => {
    expect(isProjectId(id)).toBe(false)
  })
})
