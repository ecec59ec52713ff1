import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './repository.ts'

/** Long enough for `npm ci` of some hundred packages on a busy machine. */
export const INSTALL_TIMEOUT_MS = 600_000

/**
 * Copies a fixture folder with a package.json and a lockfile to the ignored work folder and installs what it names, once
 * as long as the lockfile stays the same.
 *
 * @param name folder below `fixtures`
 * @returns the folder, with `node_modules` in it
 */
export function installPackages(name: string): string {
  const source = join(repository, 'fixtures', name)
  const folder = join(repository, '.work', name)
  const lock = readFileSync(join(source, 'package-lock.json'), 'utf8')
  // npm writes its own copy of the lockfile last.
  const installed = join(folder, 'node_modules', '.package-lock.json')
  const done = existsSync(installed) && readFileSync(join(folder, 'package-lock.json'), 'utf8') === lock
  mkdirSync(folder, { recursive: true })
  cpSync(source, folder, { recursive: true })
  if (!done) {
    execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }
  return folder
}
