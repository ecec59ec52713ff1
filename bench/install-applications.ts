import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../test/support/repository.ts'

/** CommonJS with `--require`, or ES modules with `--import`. */
export type ModuleKind = 'cjs' | 'esm'

/** The applications of one module kind, each in a folder of its own. */
export interface Applications {
  /** No target is in its reach. */
  readonly nothing: string
  /** Calls `run` of the package `zen` once. */
  readonly oneCall: string
}

/**
 * Copies the applications of the bench to a folder, one with the package `zen` beside it.
 *
 * @param folder outside the project, so that no other `node_modules` is in reach
 */
export function installApplications(folder: string, kind: ModuleKind): Applications {
  const extension = kind === 'cjs' ? 'cjs' : 'mjs'
  const install = (name: string): string => {
    const own = join(folder, `${name}-${kind}`)
    const file = join(own, `${name}.${extension}`)
    mkdirSync(own, { recursive: true })
    cpSync(join(import.meta.dirname, 'apps', `${name}.${extension}`), file)
    return file
  }
  const oneCall = install('one-call')
  const zen = join(folder, `one-call-${kind}`, 'node_modules', 'zen')
  cpSync(join(repository, 'fixtures', 'packages', `zen-${kind}`), zen, { recursive: true })
  return { nothing: install('nothing'), oneCall }
}
