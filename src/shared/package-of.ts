import { readFileSync } from 'node:fs'
import { dirname, sep } from 'node:path'

/** What a package says about itself. */
export interface PackageFacts {
  readonly name: string | undefined
  readonly version: string | undefined
  readonly type: string | undefined
}

/**
 * Reads the nearest package.json that names a package or, if none does, the nearest one. Build output often has a
 * `package.json` of its own that holds only a module type.
 *
 * @param path a file or folder of the package
 * @returns undefined if there is none; throws nothing
 */
export function packageOf(path: string): PackageFacts | undefined {
  let nearest: PackageFacts | undefined
  for (let folder = path; ; folder = dirname(folder)) {
    // `join` looks at each character: where it becomes hot, V8 brings in its compiler, some 6 MB.
    const found = readPackage(`${folder}${sep}package.json`)
    if (found?.name !== undefined) return { ...found, type: nearest?.type ?? found.type }
    nearest ??= found
    if (dirname(folder) === folder) return nearest
  }
}

function readPackage(file: string): PackageFacts | undefined {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown> | null
    return {
      name: textIn(content, 'name'),
      version: textIn(content, 'version'),
      type: textIn(content, 'type'),
    }
  } catch {
    return undefined
  }
}

function textIn(content: Record<string, unknown> | null, key: string): string | undefined {
  const value = content?.[key]
  return typeof value === 'string' ? value : undefined
}
