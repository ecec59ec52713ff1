import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { packageNameOf } from '../../src/targets/package-name.ts'
import { tempFolder } from '../support/temp-folder.ts'

const folder = tempFolder({
  'package.json': { name: 'workspace', private: true },
  'packages/kettle/package.json': { name: '@zen/kettle' },
  'packages/kettle/dist/package.json': { type: 'commonjs' },
  'packages/broken/package.json': '{ not json',
  'node_modules/zen-v1/package.json': { name: 'zen' },
  'node_modules/tea/package.json': { name: 'tea' },
})

describe('packageNameOf', () => {
  it.each([
    { file: 'main.js', name: 'workspace' },
    { file: 'packages/kettle/lib/index.js', name: '@zen/kettle' },
    { file: 'packages/kettle/dist/index.js', name: '@zen/kettle' },
    { file: 'packages/broken/index.js', name: 'workspace' },
    { file: 'node_modules/zen-v1/lib/index.js', name: 'zen' },
    { file: 'node_modules/tea/index.js', name: undefined },
  ])('is $name for $file', ({ file, name }) => {
    expect(packageNameOf(join(folder, file), 'zen')).toBe(name)
    expect(packageNameOf(`${pathToFileURL(join(folder, file)).href}?v=1`, 'zen')).toBe(name)
  })

  it.each(['node:fs', 'data:text/javascript,export {}', 'https://example.com/zen.js', 'fs', 'file:///%2F'])(
    'is nothing for %s',
    (location) => {
      expect(packageNameOf(location, 'zen')).toBeUndefined()
    },
  )
})
