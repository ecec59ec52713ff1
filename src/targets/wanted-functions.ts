import type { Target } from './target.ts'

/** The names of functions that can only be traced from inside the source of a module. */
export interface WantedFunctions {
  /** What instances of a class may get as members of their own; `*`: any name. */
  readonly members: '*' | readonly string[]
  /** What the module may export without a class. */
  readonly exports: readonly string[]
}

/**
 * What is looked for in the source of one file.
 *
 * @param targets of this process
 * @param location path or file URL of the file
 */
export function wantedFunctions(targets: readonly Target[], location: string): WantedFunctions {
  const members = new Set<string>()
  const exports = new Set<string>()
  let all = false
  for (const { exportName, methods, matches } of targets) {
    if (!matches(location)) continue
    if (methods === '*') all = true
    else for (const { method } of methods) (exportName === undefined ? exports : members).add(method)
  }
  return { members: all ? '*' : [...members], exports: [...exports] }
}
