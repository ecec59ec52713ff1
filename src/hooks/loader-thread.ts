import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageOf } from '../shared/package-of.ts'

/** How the process was started, as far as the decision depends on it. */
export interface Entry {
  /** `process.argv[1]`: the program; undefined for `-e`, `-p`, the REPL and standard input. */
  readonly script: string | undefined
  readonly execArgv: readonly string[]
  readonly cwd: string
}

/** Where a target is that the environment names: a package, or a file without its extension. */
type Place = { readonly package: string } | { readonly file: string }

const MODULE_EXTENSIONS = new Set(['.mjs', '.mts'])
const COMMONJS_EXTENSIONS = new Set(['.cjs', '.cts'])
const OWN_FILE = /^(?:zen-orchestrator|zen_orchestrator|ZenOrchestrator)\.m?[jt]s$/
const OWN_FOLDERS = ['.', 'src', 'lib']

/**
 * Whether this process may import a target as an ES module. Only a loader thread sees that on Node versions without
 * synchronous hooks, and it costs every process that starts one some 50 ms: so it is started when the program is an ES
 * module, or an ES module target is in reach of it.
 *
 * @param entry how the process was started
 * @param places where targets named by the environment are
 */
export function needsLoaderThread(entry: Entry, places: readonly Place[] = []): boolean {
  const script = entry.script === undefined ? undefined : programFile(resolve(entry.cwd, entry.script))
  if (script === undefined) {
    return (
      entry.execArgv.some((flag) => /^--(input-type|experimental-default-type)=module/.test(flag)) ||
      hasTarget(entry.cwd, places)
    )
  }
  return isModule(script) || hasTarget(dirname(script), places)
}

/**
 * Starts Node's loader thread; blocks until it is ready.
 *
 * @param data handed to the `initialize` hook there
 */
export function startLoaderThread(data: object): void {
  const { register } = process.getBuiltinModule('node:module')
  register(pathToFileURL(join(import.meta.dirname, 'module-loader.mjs')), { data })
}

/** The file Node will run for a program named without extension, by its folder, or by a link such as those of npm. */
function programFile(path: string): string {
  if (isFile(path)) return realpathSync(path)
  const main = manifestOf(path)?.main
  const named =
    typeof main === 'string' ? [join(path, main), `${join(path, main)}.js`, join(path, main, 'index.js')] : []
  const file = [`${path}.js`, ...named, join(path, 'index.js')].find(isFile)
  return file === undefined ? path : realpathSync(file)
}

/** False for what cannot be looked at as well, such as a pipe's `/dev/stdin`. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}

function isModule(file: string): boolean {
  const extension = extname(file)
  if (MODULE_EXTENSIONS.has(extension)) return true
  return !COMMONJS_EXTENSIONS.has(extension) && packageOf(dirname(file))?.type === 'module'
}

function hasTarget(folder: string, places: readonly Place[]): boolean {
  if (places.some((place) => 'file' in place && isModuleFile(place.file))) return true
  const named = places.flatMap((place) => ('package' in place ? [place.package] : []))
  if (foldersOfApplication(folder).some(hasOwnFile)) return true
  for (let at = folder; ; at = dirname(at)) {
    const modules = join(at, 'node_modules')
    if ([...named, ...targetPackages(modules)].some((name) => mayBeModule(join(modules, name)))) return true
    if (dirname(at) === at) return false
  }
}

/** The folder of the program and those above it, up to the one with its package.json; if there is none, it alone. */
function foldersOfApplication(folder: string): string[] {
  const folders: string[] = []
  for (let at = folder; ; at = dirname(at)) {
    folders.push(at)
    if (existsSync(join(at, 'package.json'))) return folders
    if (dirname(at) === at) return [folder]
  }
}

function hasOwnFile(folder: string): boolean {
  return OWN_FOLDERS.map((own) => join(folder, own)).some((at) =>
    entriesOf(at).some((file) => OWN_FILE.test(file) && isModule(join(at, file))),
  )
}

/** A file that was named without its extension, or with another one. */
function isModuleFile(file: string): boolean {
  return ['.mjs', '.mts', '.js', '.ts'].some(
    (extension) => isFile(file + extension) && isModule(file + extension),
  )
}

function targetPackages(modules: string): string[] {
  const names = entriesOf(join(modules, '@zen')).filter((name) => name !== 'telemetry')
  const aliases = entriesOf(modules).filter(
    (folder) => folder.includes('zen') && manifestOf(join(modules, folder))?.name === 'zen',
  )
  return ['zen', ...aliases, ...names.map((name) => join('@zen', name))]
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** A package that is CommonJS alone never needs the loader thread: importing it goes through its `require` path. */
function mayBeModule(folder: string): boolean {
  const { type, exports, main } = manifestOf(folder) ?? {}
  return (
    type === 'module' ||
    (typeof main === 'string' && main.endsWith('.mjs')) ||
    JSON.stringify(exports ?? '').includes('"import"')
  )
}

function manifestOf(folder: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>
  } catch {
    return undefined
  }
}
