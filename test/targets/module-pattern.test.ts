import { describe, expect, it } from 'vitest'
import { modulePattern } from '../../src/targets/module-pattern.ts'

const CWD = '/srv/app'

describe('a module that was named', () => {
  it.each([
    ['my-pkg', '/srv/app/node_modules/my-pkg/lib/worker.js'],
    ['my-pkg', '/srv/app/node_modules/.pnpm/my-pkg@1.0.0/node_modules/my-pkg/index.js'],
    ['my-pkg/sub', 'file:///srv/app/node_modules/my-pkg/dist/sub.mjs?v=2'],
    ['@scope/pkg', String.raw`C:\app\node_modules\@scope\pkg\index.js`],
    ['./lib/jobs.js', '/srv/app/lib/jobs.js'],
    ['./lib/jobs', '/srv/app/lib/jobs.mjs'],
    ['../shared/jobs.ts', 'file:///srv/shared/jobs.js'],
    ['/opt/jobs.js', '/opt/jobs.js'],
    ['file:///opt/jobs.js', 'file:///opt/jobs.js#x'],
    ['./lib/jobs.js', 'file:///srv/app/lib/jobs.ts%3Fpreparse=1?preparse=1'],
  ])('is %s in %s', (module, location) => {
    expect(modulePattern(module, CWD).matches(location)).toBe(true)
  })

  it.each([
    ['my-pkg', '/srv/app/node_modules/my-pkg-extra/index.js'],
    ['my-pkg', '/srv/app/node_modules/my-pkg/node_modules/other/index.js'],
    ['my-pkg', '/srv/app/my-pkg/index.js'],
    ['my.pkg', '/srv/app/node_modules/myXpkg/index.js'],
    ['./lib/jobs.js', '/elsewhere/lib/jobs.js'],
    ['./lib/jobs.js', '/srv/app/lib/jobs.test.js'],
  ])('is not %s in %s', (module, location) => {
    expect(modulePattern(module, CWD).matches(location)).toBe(false)
  })
})
