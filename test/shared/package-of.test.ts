import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageOf } from '../../src/shared/package-of.ts'
import { tempFolder } from '../support/temp-folder.ts'

describe('the package of a file', () => {
  it('is the nearest one with a name', () => {
    const root = tempFolder({
      'package.json': '{"name":"outer","version":"1.0.0"}',
      'inner/package.json': '{"name":"inner","version":"2.0.0","type":"module"}',
      'inner/lib/a.js': '',
    })
    expect(packageOf(join(root, 'inner', 'lib', 'a.js'))).toEqual({
      name: 'inner',
      version: '2.0.0',
      type: 'module',
    })
  })

  it('keeps the module type of a nameless package.json in between', () => {
    const root = tempFolder({
      'package.json': '{"name":"dual","version":"3.0.0","type":"module"}',
      'dist/cjs/package.json': '{"type":"commonjs"}',
    })
    expect(packageOf(join(root, 'dist', 'cjs'))).toEqual({ name: 'dual', version: '3.0.0', type: 'commonjs' })
  })

  it('passes over what cannot be read as a package', () => {
    const root = tempFolder({
      'package.json': '{"name":"outer"}',
      'a/package.json': 'not JSON',
      'a/b/package.json': 'null',
      'a/b/c/package.json': '[]',
      'a/b/c/d/package.json': '{"name":5,"version":{}}',
    })
    expect(packageOf(join(root, 'a', 'b', 'c', 'd'))?.name).toBe('outer')
  })

  it('may not exist', () => {
    const nowhere = join(tmpdir(), 'zen-no-such-folder', 'x')
    expect(packageOf(nowhere)?.name).toBe(packageOf(tmpdir())?.name)
  })
})
