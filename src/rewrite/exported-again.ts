import { pathToFileURL } from 'node:url'
import type { Program } from 'acorn'
import { pathOf } from '../targets/location-path.ts'
import type { Target, WantedExport } from '../targets/target.ts'
import { exportsByLocal, textOf } from './exported-functions.ts'

/** A wanted function that a module exports again from another one. */
export interface ExportedAgain extends WantedExport {
  /** The other module, as it is named in the source. */
  readonly specifier: string
}

/**
 * Finds what an ES module exports again: `export … from`, `export *`, and imports that are exported.
 *
 * @param program which is searched
 * @param location path or URL of the module
 * @param wanted names of exports
 */
export function exportedAgain(
  program: Program,
  location: string,
  wanted: readonly WantedExport[],
): ExportedAgain[] {
  const names = exportsByLocal(program)
  const own = new Set([...names.values()].flat())
  const found: ExportedAgain[] = []

  function add(specifier: unknown, imported: string, exported: string): void {
    for (const { name, key, from = location } of wanted) {
      if (name === exported) found.push({ specifier: String(specifier), name: imported, key, from })
    }
  }

  for (const statement of program.body) {
    if (statement.type === 'ExportNamedDeclaration' && statement.source) {
      for (const { local, exported } of statement.specifiers)
        add(statement.source.value, textOf(local), textOf(exported))
    }
    if (statement.type === 'ExportAllDeclaration' && !statement.exported) {
      for (const { name } of wanted)
        if (name !== 'default' && !own.has(name)) add(statement.source.value, name, name)
    }
    if (statement.type !== 'ImportDeclaration') continue
    for (const specifier of statement.specifiers) {
      if (specifier.type === 'ImportNamespaceSpecifier') continue
      const imported = specifier.type === 'ImportSpecifier' ? textOf(specifier.imported) : 'default'
      for (const exported of names.get(specifier.local.name) ?? [])
        add(statement.source.value, imported, exported)
    }
  }
  return found
}

/**
 * Makes a target of the file that something comes from. It is loaded next, unless somebody else has loaded it already.
 *
 * @param again what is exported
 * @param location path or URL of the module that exports it
 * @returns undefined if it is no file by its name: packages are named as a whole
 */
export function targetAt({ specifier, ...wanted }: ExportedAgain, location: string): Target | undefined {
  if (!/^\.{0,2}\//.test(specifier)) return undefined
  const { href } = new URL(specifier, location.startsWith('file:') ? location : pathToFileURL(location))
  const path = pathOf(href)
  return {
    matches: (at) => pathOf(at) === path,
    exportName: undefined,
    origin: 'configured',
    methods: [],
    exportedAgain: [wanted],
  }
}
