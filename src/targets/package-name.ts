import { existsSync, readFileSync } from 'node:fs'
import { dirname, sep } from 'node:path'
import { pathOf } from './location-path.ts'

const PACKAGE_FOLDER = /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/s
const isPosix = sep === '/'

/** Names by folder: a process loads many files of each folder. */
const names = new Map<string, string | undefined>()
/** The same by what stands before the last slash of a location, a URL or not. */
const namesByStart = new Map<string, string | undefined>()

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
  if (isInstalled(location) && !(location.includes(hint) && folderOf(location)?.includes(hint)))
    return undefined
  const start = location.slice(0, lastSlash(location))
  const known = namesByStart.get(start)
  if (known !== undefined || namesByStart.has(start)) return known
  const path = pathOf(location)
  if (path === undefined) return undefined
  const name = nameAt(dirname(path))
  namesByStart.set(start, name)
  return name
}

function isInstalled(location: string): boolean {
  return location.includes('/node_modules/') || (!isPosix && location.includes('\\node_modules\\'))
}

function folderOf(location: string): string | undefined {
  return PACKAGE_FOLDER.exec(pathOf(location) ?? '')?.[1]
}

function lastSlash(location: string): number {
  const slash = location.lastIndexOf('/')
  return isPosix ? slash : Math.max(slash, location.lastIndexOf('\\'))
}

/** Build output often has a `package.json` of its own that names nothing. */
function nameAt(folder: string): string | undefined {
  if (names.has(folder)) return names.get(folder)
  const above = dirname(folder)
  const name = nameIn(`${folder}${sep}package.json`) ?? (above === folder ? undefined : nameAt(above))
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
