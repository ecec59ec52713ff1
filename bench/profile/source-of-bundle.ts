import { existsSync, readFileSync } from 'node:fs'
import { SourceMap } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { repository } from '../../test/support/repository.ts'

const DIST = join(repository, 'dist')

/** Finds the source file that a place in one of the agent's bundles was made from. */
export type SourceOfBundle = (bundle: string, line: number, column: number) => string | undefined

/**
 * Reads the source maps that the build leaves beside the bundles; they are not packed.
 *
 * @returns from the path of a bundle below `dist`, and a line and column that count from 0, to a path from the root of
 * the project; undefined where no map says it
 */
export function createSourceOfBundle(): SourceOfBundle {
  const maps = new Map<string, SourceMap | undefined>()

  function mapOf(bundle: string): SourceMap | undefined {
    if (!maps.has(bundle)) maps.set(bundle, readMap(join(DIST, `${bundle}.map`)))
    return maps.get(bundle)
  }

  return (bundle, line, column) => {
    const entry = mapOf(bundle)?.findEntry(line, column)
    if (!entry || !('originalSource' in entry) || entry.originalSource === undefined) return undefined
    return relative(repository, resolve(DIST, dirname(bundle), entry.originalSource))
  }
}

function readMap(path: string): SourceMap | undefined {
  if (!existsSync(path)) return undefined
  const payload = JSON.parse(readFileSync(path, 'utf8')) as ConstructorParameters<typeof SourceMap>[0]
  return new SourceMap({ ...payload, file: basename(path) })
}
