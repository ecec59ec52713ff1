import type { Target, WantedExport } from './target.ts'

/** The names of functions that can only be traced from inside the source of a module. */
export interface WantedFunctions {
  /** What instances of a class may get as members of their own; `*`: any name. */
  readonly members: '*' | readonly string[]
  /** What the module may export without a class. */
  readonly exports: readonly WantedExport[]
}

/**
 * What is looked for in the source of one file.
 *
 * @param targets of this process
 * @param location path or file URL of the file
 */
export function wantedFunctions(targets: readonly Target[], location: string): WantedFunctions {
  const members = new Set<string>()
  const exports: WantedExport[] = []
  let all = false
  for (const { exportName, methods, matches, exportedAgain = [] } of targets) {
    if (!matches(location)) continue
    exports.push(...exportedAgain)
    if (methods === '*') all = true
    else if (exportName !== undefined) for (const { method } of methods) members.add(method)
    else exports.unshift(...methods.map(({ method }) => ({ name: method, key: method })))
  }
  return { members: all ? '*' : [...members], exports }
}
