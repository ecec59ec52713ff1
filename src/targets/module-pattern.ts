import { isAbsolute, join } from 'node:path'
import { pathOf } from './location-path.ts'
import { packageNameOf } from './package-name.ts'

/** Behind it stands, in the paths that tsx makes, a query. */
const EXTENSIONS = /\.[cm]?[jt]sx?(?:\?.*)?$/

/** A module that was named, ready to be compared with what is loaded. */
export interface ModulePattern {
  /** Whether a path or file URL, with or without a query, belongs to the module. */
  matches(location: string): boolean
  /** The package, or the file without its extension: one of the two. */
  readonly place: { readonly package: string } | { readonly file: string }
}

/**
 * Makes the test whether a loaded file belongs to a module that was named: any file of a package, since the class may
 * stand in any of them, or one file. A package is known by its folder below `node_modules` or by its own name.
 *
 * @param module a package with or without sub-path, a path from the working directory, an absolute path or a file URL
 * @param cwd what relative paths start from
 */
export function modulePattern(module: string, cwd: string): ModulePattern {
  const file = fileOf(module, cwd)
  if (file !== undefined) {
    const wanted = withoutExtension(file)
    return {
      matches: (location) => withoutExtension(pathOf(location) ?? '') === wanted,
      place: { file: wanted },
    }
  }
  const name = namedPackage(module)
  const inPackage = new RegExp(
    `[\\\\/]node_modules[\\\\/]${escape(name).replaceAll('/', '[\\\\/]')}(?=[\\\\/])(?!.*[\\\\/]node_modules[\\\\/])`,
  )
  const hint = name.slice(name.indexOf('/') + 1)
  return {
    matches: (location) => inPackage.test(location) || packageNameOf(location, hint) === name,
    place: { package: name },
  }
}

function fileOf(module: string, cwd: string): string | undefined {
  if (module.startsWith('file:')) return pathOf(module) ?? module
  if (isAbsolute(module)) return module
  return module.startsWith('./') || module.startsWith('../') ? join(cwd, module) : undefined
}

/** A sub-path leads to some file of the package, by rules only the package knows. */
function namedPackage(module: string): string {
  const [first = '', second = ''] = module.split('/')
  return first.startsWith('@') ? `${first}/${second}` : first
}

function withoutExtension(path: string): string {
  return path.replace(EXTENSIONS, '')
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
