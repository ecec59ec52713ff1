import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Installs a peer where it is missing. Each has a folder, a lockfile and `node_modules` of its own, so that no peer's
 * packages meet another's or the project's.
 *
 * @param name folder below `bench/peers`
 * @returns the folder
 */
export function installPeer(name: string): string {
  const folder = join(import.meta.dirname, 'peers', name)
  // npm writes this file last.
  if (!existsSync(join(folder, 'node_modules', '.package-lock.json'))) {
    execFileSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  return folder
}
