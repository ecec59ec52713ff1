import { mkdtempSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePrivateFolder } from '../../../src/export/destination/private-folder.ts'
import { stateFolder } from '../../../src/export/destination/state-folder.ts'

const fresh = () => mkdtempSync(join(tmpdir(), 'zen-folder-'))

describe('the state folder', () => {
  it.each<[string | undefined, Record<string, string>, NodeJS.Platform, string]>([
    ['/data/zen', { HOME: '/home/me' }, 'linux', '/data/zen'],
    ['relative', { HOME: '/home/me' }, 'linux', resolve('relative')],
    [undefined, { HOME: '/home/me' }, 'linux', '/home/me/.local/state/zen-telemetry'],
    [undefined, { HOME: '/home/me', XDG_STATE_HOME: '/state' }, 'linux', '/state/zen-telemetry'],
    [
      undefined,
      { HOME: '/home/me', XDG_STATE_HOME: 'state' },
      'linux',
      '/home/me/.local/state/zen-telemetry',
    ],
    [undefined, { HOME: '/Users/me' }, 'darwin', '/Users/me/Library/Application Support/zen-telemetry'],
    [undefined, { LOCALAPPDATA: '/local' }, 'win32', '/local/zen-telemetry'],
  ])('of %s with %o on %s is %s', (directory, environment, platform, expected) => {
    expect(stateFolder(directory, environment, platform)).toBe(expected)
  })
})

describe('a private folder', () => {
  it('is made with its parents, for its owner alone', () => {
    const path = join(fresh(), 'a', 'b')
    expect(makePrivateFolder(path)).toBeUndefined()
    expect(statSync(path).mode & 0o777).toBe(0o700)
    expect(makePrivateFolder(path)).toBeUndefined()
  })

  it('is no symbolic link and no file', () => {
    const base = fresh()
    mkdirSync(join(base, 'target'))
    symlinkSync(join(base, 'target'), join(base, 'link'))
    writeFileSync(join(base, 'file'), '')
    expect(makePrivateFolder(join(base, 'link'))).toMatch(/is a symbolic link/)
    expect(makePrivateFolder(join(base, 'file'))).toMatch(/EEXIST/)
    expect(makePrivateFolder(join(base, 'file', 'below'))).toMatch(/ENOTDIR/)
  })
})
