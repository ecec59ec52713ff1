import { join } from 'node:path'

/** CommonJS with `--require`, or ES modules with `--import`. */
export type ModuleKind = 'cjs' | 'esm'

/** The extension of a program or preload of this kind. */
export function extensionOf(kind: ModuleKind): 'cjs' | 'mjs' {
  return kind === 'cjs' ? 'cjs' : 'mjs'
}

/** How the tables name it. */
export function titleOf(kind: ModuleKind): string {
  return kind === 'cjs' ? 'CommonJS' : 'ES modules'
}

/** The flags that preload one file. */
export function preloadFlags(kind: ModuleKind, file: string): readonly string[] {
  return [kind === 'cjs' ? '--require' : '--import', file]
}

/** The flags that preload a file of `bench/preloads`. */
export function ownPreload(kind: ModuleKind, name: string): readonly string[] {
  return preloadFlags(kind, join(import.meta.dirname, 'preloads', `${name}.${extensionOf(kind)}`))
}
