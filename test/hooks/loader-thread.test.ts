import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { needsLoaderThread } from '../../src/hooks/loader-thread.ts'
import { tempFolder } from '../support/temp-folder.ts'

const require = createRequire(import.meta.url)
const ZEN_ESM = { 'node_modules/zen/package.json': { name: 'zen', type: 'module' } }
const ZEN_CJS = { 'node_modules/zen/package.json': { name: 'zen', main: 'index.js' } }
const ZEN_DUAL = {
  'node_modules/zen/package.json': {
    name: 'zen',
    exports: { '.': { import: './index.mjs', require: './index.cjs' } },
  },
}

function needs(files: Record<string, unknown>, script: string | undefined, execArgv: string[] = []): boolean {
  return needsLoaderThread({ script, execArgv, cwd: tempFolder({ 'package.json': {}, ...files }) })
}

describe('a program that is an ES module', () => {
  it.each([
    ['by its extension', { 'app.mjs': '' }, 'app.mjs'],
    ['by its TypeScript extension', { 'app.mts': '' }, 'app.mts'],
    ['by its package', { 'package.json': { type: 'module' }, 'app.js': '' }, 'app.js'],
    ['by its package, named without extension', { 'package.json': { type: 'module' }, 'app.js': '' }, 'app'],
    ['as the index of a folder', { 'package.json': { type: 'module' }, 'app/index.js': '' }, 'app'],
    [
      'as the main file of a folder',
      { 'app/package.json': { type: 'module', main: 'src/a' }, 'app/src/a.js': '' },
      'app',
    ],
    ['as the main file of this folder', { 'package.json': { main: './a.mjs' }, 'a.mjs': '' }, '.'],
    [
      'by a nameless package.json of the build',
      { 'package.json': { name: 'x' }, 'esm/package.json': { type: 'module' }, 'esm/a.js': '' },
      'esm/a.js',
    ],
  ])('needs the loader thread: %s', (_, files, script) => {
    expect(needs(files, script)).toBe(true)
  })

  it('needs it behind a link, such as those npm makes for commands', () => {
    const cwd = tempFolder({
      'package.json': {},
      'tool/package.json': { name: 'tool', type: 'module' },
      'tool/cli.js': '',
      'bin/.keep': '',
    })
    symlinkSync(join(cwd, 'tool', 'cli.js'), join(cwd, 'bin', 'tool'))
    expect(needsLoaderThread({ script: join(cwd, 'bin', 'tool'), execArgv: [], cwd })).toBe(true)
  })

  it('needs it where the text of the program is given on the command line', () => {
    expect(needs({}, undefined, ['--input-type=module', '-e', ''])).toBe(true)
    expect(needs({}, undefined, ['--experimental-default-type=module'])).toBe(true)
  })
})

describe('a CommonJS program', () => {
  it.each([
    ['without any target', {}],
    ['with a target that is CommonJS alone', ZEN_CJS],
    [
      'with this package alone in the scope',
      { 'node_modules/@zen/telemetry/package.json': { type: 'module' } },
    ],
    [
      'with packages that only look like a target',
      { 'node_modules/zen-mode/package.json': { type: 'module' } },
    ],
    ['with a target whose package.json cannot be read', { 'node_modules/zen/package.json': '{' }],
    ['with a target without package.json', { 'node_modules/zen/index.mjs': '' }],
    ['with a file where the scope should be', { 'node_modules/@zen': 'text' }],
    ['with an own file that is CommonJS', { 'zen-orchestrator.js': '' }],
  ])('%s needs no loader thread', (_, files) => {
    expect(needs({ 'app.cjs': '', ...files }, 'app.cjs')).toBe(false)
    expect(needs({ 'app.js': '', ...files }, 'app.js')).toBe(false)
    expect(needs(files, undefined)).toBe(false)
  })

  it.each([
    ['an ES module', ZEN_ESM],
    ['an ES module as well', ZEN_DUAL],
    ['an ES module by its main file', { 'node_modules/zen/package.json': { main: './index.mjs' } }],
    ['a package of the scope', { 'node_modules/@zen/core/package.json': { type: 'module' } }],
    ['an own file', { 'zen-orchestrator.mjs': '' }],
    ['an own file in src', { 'src/ZenOrchestrator.mjs': '' }],
    ['an own file in lib', { 'lib/zen_orchestrator.mjs': '' }],
  ])('needs the loader thread where a target in reach is %s', (_, files) => {
    expect(needs({ 'app.cjs': '', ...files }, 'app.cjs')).toBe(true)
    expect(needs(files, undefined)).toBe(true)
  })

  it('finds a target from folders further in', () => {
    expect(needs({ ...ZEN_ESM, 'services/shop/app.cjs': '' }, 'services/shop/app.cjs')).toBe(true)
    expect(
      needs({ 'services/a/node_modules/zen/package.json': { type: 'module' }, 'app.cjs': '' }, 'app.cjs'),
    ).toBe(false)
  })

  it('leaves the modules of the application alone while it looks', () => {
    const cwd = tempFolder({ 'package.json': {}, 'app.cjs': '', ...ZEN_ESM })
    needsLoaderThread({ script: 'app.cjs', execArgv: [], cwd })
    expect(Object.keys(require.cache).filter((file) => file.startsWith(cwd))).toEqual([])
  })
})

describe('a program that is not there as a file', () => {
  it.each(['missing', '/dev/stdin', 'app.cjs/x'])('%s is no reason for an error', (script) => {
    expect(needs({ 'app.cjs': '' }, script)).toBe(false)
  })
})
