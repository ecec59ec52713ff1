import { pathToFileURL } from 'node:url'
import type { Rewrite } from '../rewrite/create-rewriter.ts'
import { canReport, withCommonJsReport, withSelfReport } from './self-report.ts'
import { isWorkerThreads } from './is-worker-threads.ts'

interface LoadResult {
  format?: string | null | undefined
  source?: string | ArrayBuffer | NodeJS.TypedArray | null | undefined
  shortCircuit?: boolean
}

type NextLoad = (url: string, context: unknown) => LoadResult
type NextResolve = (specifier: string, context: unknown) => unknown

interface SyncHooks {
  resolve(specifier: string, context: { readonly parentURL?: string }, next: NextResolve): unknown
  load(url: string, context: unknown, next: NextLoad): LoadResult
}

/** `registerHooks` of `node:module`. */
export type RegisterHooks = (hooks: SyncHooks) => { deregister(): void }

/**
 * Watches ES modules being loaded, in this thread, with the synchronous hooks of newer Node versions.
 *
 * @param registerHooks that of `node:module`
 * @param isTarget a cheap test of the module's URL
 * @param rewrite given the source of a target
 * @param onWorkerThreads called once, before the application has Node's worker threads
 * @param onLoaded called with the URL and the format of each module
 * @returns how to undo it
 */
export function hookModules(
  registerHooks: RegisterHooks,
  isTarget: (url: string) => boolean,
  rewrite: Rewrite,
  onWorkerThreads: () => void,
  onLoaded: (url: string, format: unknown) => void,
): () => void {
  let waiting = true
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (waiting && isWorkerThreads(specifier)) {
        waiting = false
        onWorkerThreads()
      }
      // A target's import of itself must come back to itself, whatever other hooks make of URLs.
      if (specifier === context.parentURL && isTarget(specifier))
        return { url: specifier, shortCircuit: true }
      return next(specifier, context)
    },
    load(url, context, next) {
      const loaded = next(url, context)
      onLoaded(url, loaded.format)
      const withReport = reportOf(loaded.format)
      // The format first: a CommonJS module passes here as well, and is looked at by the other hook.
      if (!withReport || loaded.source == null || !isTarget(url)) return loaded
      const source = rewrite(textOf(loaded.source), loaded.format ?? undefined, url)
      return { ...loaded, source: withReport(source, url) }
    },
  })
  return () => hooks.deregister()
}

/**
 * Lets a target report itself that `require()` has read before there were hooks: of what such an ES module exports,
 * it gets what is named `module.exports`, if anything is.
 *
 * @param source the module's source; CommonJS is left as it is
 * @param format as Node has it
 * @param path of the file
 */
export function reportRequired(source: string, format: string | undefined, path: string): string {
  return canReport(format) ? withSelfReport(source, pathToFileURL(path).href) : source
}

/** Node 22 runs CommonJS of TypeScript, if it is imported, without `Module.prototype.load`. */
function reportOf(format: LoadResult['format']): typeof withSelfReport | undefined {
  if (format === 'commonjs-typescript') return withCommonJsReport
  return canReport(format) ? withSelfReport : undefined
}

function textOf(source: NonNullable<LoadResult['source']>): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source)
}
