import { mkdirSync, mkdtempSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makePrivateFolder } from '../../../src/export/destination/private-folder.ts'

const fresh = () => mkdtempSync(join(tmpdir(), 'zen-folder-'))

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
    expect(makePrivateFolder(join(base, 'file'))).toMatch(/is not a folder/)
    expect(makePrivateFolder(join(base, 'file', 'below'))).toMatch(/ENOTDIR/)
  })
})
