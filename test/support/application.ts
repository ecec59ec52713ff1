import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { repository } from './repository.ts'

/** The shapes in which the library `zen` exists. */
export type ZenPackage = 'zen-cjs' | 'zen-esm' | 'zen-dual'

/** An unmodified application in a folder of its own. */
export interface Application {
  readonly folder: string
  remove(): void
}

/**
 * Copies a fixture application to a temporary folder and installs one shape of `zen` beside it.
 *
 * @param name folder below `fixtures/apps`
 * @param zen undefined: none
 */
export function installApplication(name: string, zen?: ZenPackage): Application {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `app-${name}-`)))
  cpSync(join(repository, 'fixtures', 'apps', name), folder, { recursive: true })
  if (zen)
    cpSync(join(repository, 'fixtures', 'packages', zen), join(folder, 'node_modules', 'zen'), {
      recursive: true,
    })
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
