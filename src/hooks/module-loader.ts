/** The entry of Node's loader thread, on versions without synchronous hooks; it does there what `module-hook` does. */
import { allTargets, type TargetsInput } from '../targets/all-targets.ts'
import { zenTarget } from '../targets/zen-target.ts'
import { isModuleRunner } from './is-module-runner.ts'
import { canReport, withCommonJsReport, withSelfReport } from './self-report.ts'

interface LoadResult {
  readonly format?: string | null
  readonly source?: string | ArrayBuffer | NodeJS.TypedArray | null
}

interface ResolveResult {
  readonly url: string
  readonly shortCircuit?: boolean
}

type Next<T> = (name: string, context: unknown) => Promise<T>

let isNamed: (url: string) => boolean = zenTarget.matches

function isTarget(url: string): boolean {
  return isNamed(url) || isModuleRunner(url)
}

/** Node's `initialize` hook: the same targets as in the application's thread. */
export function initialize(input: TargetsInput | undefined): void {
  if (input) isNamed = allTargets(input).matches
}

/** Node's `resolve` hook: a target's import of itself comes back to itself. */
export async function resolve(
  specifier: string,
  context: { readonly parentURL?: string },
  next: Next<ResolveResult>,
): Promise<ResolveResult> {
  if (specifier === context.parentURL && isTarget(specifier)) return { url: specifier, shortCircuit: true }
  return next(specifier, context)
}

/** Node's `load` hook: a target reports itself when it has run. */
export async function load(url: string, context: unknown, next: Next<LoadResult>): Promise<LoadResult> {
  const loaded = await next(url, context)
  if (!isTarget(url) || loaded.source == null) return loaded
  const source = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source)
  if (canReport(loaded.format)) return { ...loaded, source: withSelfReport(source, url) }
  if (loaded.format === 'commonjs') return { ...loaded, source: withCommonJsReport(source, url) }
  return loaded
}
