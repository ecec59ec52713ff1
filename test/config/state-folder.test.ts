import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stateFolder } from '../../src/config/state-folder.ts'

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
