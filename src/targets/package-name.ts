import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathOf } from './location-path.ts'

const PACKAGE_FOLDER = /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/s

/** Names by folder: a process loads many files of each folder. */
const names = new Map<string, string | undefined>()

/**
 * The name of the package that a file belongs to, by its `package.json`, where the path does not tell: workspaces are
 * linked into `node_modules` and loaded from where they are, and an alias has a folder of another name. Below
 * `node_modules` only folders whose name holds the hint are looked at, since an alias nearly always does and there are
 * too many packages to read them all.
 *
 * @param location path or file URL of a loaded file
 * @param hint what the folder of an alias has in its name
 * @returns undefined if there is none, or it was not looked at; throws nothing
 */
export function packageNameOf(location: string, hint: string): string | undefined {
  const path = pathOf(location)
  if (path === undefined) return undefined
  const folder = PACKAGE_FOLDER.exec(path)?.[1]
  return folder === undefined || folder.includes(hint) ? nameAt(dirname(path)) : undefined
}

/** Build output often has a `package.json` of its own that names nothing. */
function nameAt(folder: string): string | undefined {
  if (names.has(folder)) return names.get(folder)
  const above = dirname(folder)
  const name = nameIn(join(folder, 'package.json')) ?? (above === folder ? undefined : nameAt(above))
  names.set(folder, name)
  return name
}

function nameIn(file: string): string | undefined {
  if (!existsSync(file)) return undefined
  try {
    const { name } = JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: unknown }
    return typeof name === 'string' ? name : undefined
  } catch {
    return undefined
  }
}
