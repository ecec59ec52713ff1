import { readFileSync } from 'node:fs'
import { messageOf } from '../shared/errors.ts'
import { type ModulePattern, modulePattern } from './module-pattern.ts'
import { type MethodsEntry, parseMethods } from './parse-methods.ts'
import { readMethodsFile } from './methods-file.ts'
import type { Target } from './target.ts'
import { zenTarget } from './zen-target.ts'

/** What names more targets than the built-in one. */
export interface TargetsInput {
  /** Value of `ZEN_TELEMETRY_METHODS`. */
  readonly methods: string | undefined
  /** Value of `ZEN_TELEMETRY_METHODS_FILE`. */
  readonly methodsFile: string | undefined
  /** What relative paths start from. */
  readonly cwd: string
}

/** The targets of this process. */
export interface Targets {
  readonly all: readonly Target[]
  /** One line for each entry that cannot be used. */
  readonly warnings: readonly string[]
  /** Where those named by the environment are. */
  readonly places: readonly ModulePattern['place'][]
  /** Takes in what a module exports again from another file. */
  add(target: Target): void
  /** Whether a loaded file may hold the class of any target; paths and file URLs. */
  matches(location: string): boolean
}

/** The built-in target, and those named by the environment. Throws nothing. */
export function allTargets(input: TargetsInput): Targets {
  const warnings: string[] = []
  const configured = [...fromVariable(input, warnings), ...fromFile(input, warnings)]
  const patterns = configured.map(({ module }) => modulePattern(module, input.cwd))
  const all: Target[] = [zenTarget, ...configured.map((entry, index) => targetOf(entry, patterns[index]))]
  return {
    all,
    warnings,
    places: patterns.map(({ place }) => place),
    add: (target) => all.push(target),
    matches: (location) => all.some((target) => target.matches(location)),
  }
}

function fromVariable({ methods }: TargetsInput, warnings: string[]): readonly MethodsEntry[] {
  if (methods === undefined) return []
  const { entries, problems } = parseMethods(methods)
  for (const problem of problems)
    warnings.push(`ZEN_TELEMETRY_METHODS: ${problem}; the other entries are used.`)
  return entries
}

function fromFile({ methodsFile }: TargetsInput, warnings: string[]): readonly MethodsEntry[] {
  if (methodsFile === undefined) return []
  try {
    const { entries, problems } = readMethodsFile(readFileSync(methodsFile, 'utf8'))
    for (const problem of problems) {
      warnings.push(`ZEN_TELEMETRY_METHODS_FILE="${methodsFile}": ${problem}; the other entries are used.`)
    }
    return entries
  } catch (error) {
    warnings.push(
      `ZEN_TELEMETRY_METHODS_FILE="${methodsFile}" cannot be read (${messageOf(error)}); it is not used.`,
    )
    return []
  }
}

function targetOf({ module, className, methods }: MethodsEntry, pattern: ModulePattern | undefined): Target {
  const names = methods === '*' ? methods : methods.map(({ name }) => name).join(',')
  return {
    label: `${module}#${className ?? ''}[${names}]`,
    matches: (location) => pattern?.matches(location) === true,
    exportName: className,
    origin: 'configured',
    methods:
      methods === '*'
        ? methods
        : methods.map(({ name, spanName, attributes = {} }) => ({
            method: name,
            spanName: spanName ?? `${className ?? module}.${name}`,
            attributes,
          })),
  }
}
