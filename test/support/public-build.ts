import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from './repository.ts'

const INPUT = ['src', 'scripts', 'package.json', 'rolldown.config.mjs', 'register.cjs', 'register.mjs']

/** A copy of the project in which builds with a key are made, as a release is. */
export interface PublicBuild {
  readonly folder: string
  /** The file of the last key. */
  readonly keyFile: string
  /**
   * Builds with a key.
   *
   * @param key content of the file that `ZEN_PUBLIC_CREDENTIALS_FILE` names
   * @throws Error with what the build says
   */
  build(key: object | string): void
  remove(): void
}

/** Makes the copy; nothing is built yet. */
export function createPublicBuild(): PublicBuild {
  const folder = mkdtempSync(join(tmpdir(), 'release-'))
  const keyFile = join(folder, 'key.json')
  for (const name of INPUT) cpSync(join(repository, name), join(folder, name), { recursive: true })
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
  return {
    folder,
    keyFile,
    build(key) {
      writeFileSync(keyFile, typeof key === 'string' ? key : JSON.stringify(key))
      execFileSync(process.execPath, ['node_modules/rolldown/bin/cli.mjs', '-c', 'rolldown.config.mjs'], {
        cwd: folder,
        env: { ...process.env, ZEN_PUBLIC_CREDENTIALS_FILE: keyFile },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
