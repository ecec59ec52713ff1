/** The entry of Node's loader thread, on versions without synchronous hooks; it does there what `module-hook` does. */
import type * as Rewriting from '../rewrite/create-rewriter.ts'
import type { Rewrite } from '../rewrite/create-rewriter.ts'
import { messageOf } from '../shared/errors.ts'
import { createLogger } from '../shared/log.ts'
import type * as AllTargets from '../targets/all-targets.ts'
import type { Targets, TargetsInput } from '../targets/all-targets.ts'
import { targetsOf } from '../targets/targets-of.ts'
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

/** What a loader thread is told when it starts. */
export interface LoaderInput extends TargetsInput {
  /** Value of `ZEN_TELEMETRY_LOG_LEVEL`. */
  readonly logLevel: string | undefined
}

let isNamed: (url: string) => boolean = zenTarget.matches
let rewriter: () => Rewrite = () => (source) => source

function isTarget(url: string): boolean {
  return isNamed(url) || isModuleRunner(url)
}

/** Node's `initialize` hook: the same targets as in the application's thread. */
export function initialize(input: LoaderInput | undefined): void {
  if (!input) return
  const targets = targetsOf(input, () => part<typeof AllTargets>('all-targets.cjs'))
  isNamed = targets.matches
  let made: Rewrite | undefined
  rewriter = () => (made ??= makeRewriter(targets, input.logLevel))
}

/** What only some processes need is a file of its own. */
function part<T>(file: string): T {
  const { createRequire } = process.getBuiltinModule('node:module')
  return createRequire(import.meta.url)(`./${file}`) as T
}

/** Read only where a target is. */
function makeRewriter(targets: Targets, logLevel: string | undefined): Rewrite {
  const log = createLogger(logLevel === 'debug' ? 'debug' : 'none')
  try {
    const { createRewriter } = part<typeof Rewriting>('rewriter.cjs')
    return createRewriter(targets, log)
  } catch (error) {
    log.debug(`contained: ${messageOf(error)}`)
    return (source) => source
  }
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
  const text = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source)
  if (!canReport(loaded.format) && loaded.format !== 'commonjs') return loaded
  const withReport = loaded.format === 'commonjs' ? withCommonJsReport : withSelfReport
  return { ...loaded, source: withReport(rewriter()(text, loaded.format ?? undefined, url), url) }
}
