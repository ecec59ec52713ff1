import type { CompilingModule } from './commonjs-hook.ts'
import { mayImport } from './may-import.ts'

/** What Node publishes first of all when it is asked for an ES module, as a program or by `import()`. */
const IMPORT_STARTS = 'tracing:module.import:start'

/** What it says there. The program itself has no parent. */
interface Import {
  readonly parentURL?: string | undefined
  readonly url: unknown
}

/** `node:diagnostics_channel`, as far as it is used here. */
export interface Channels {
  subscribe(name: string, listener: (message: Import) => void): void
  unsubscribe(name: string, listener: (message: Import) => void): boolean
}

/** Tells which module Node's hooks have seen being loaded, and its format. */
type OnLoaded = (url: string, format: unknown) => void

/**
 * Waits with Node's module hooks until the process is about to load its first ES module: they make each module of
 * CommonJS 10 to 20% slower. ES modules are reached in two ways: Node is asked for one, which it publishes before it
 * looks for it, or `require()` meets a source that imports others. Where there is an `--import`, Node asks for the
 * program as if it was an ES module; if it is none, the wait goes on.
 *
 * @param prototype that of Node's `Module`
 * @param channels `node:diagnostics_channel`
 * @param hook registers the hooks; returns how to undo it
 * @returns how to undo it
 */
export function awaitEsModules(
  prototype: CompilingModule,
  { subscribe, unsubscribe }: Channels,
  hook: (onLoaded: OnLoaded) => () => void,
): () => void {
  const original = prototype._compile
  let waiting = true
  let hooking = false
  let unhook: (() => void) | undefined
  let program: string | undefined

  function compile(
    this: unknown,
    content: string,
    filename: string,
    format?: string,
    ...more: unknown[]
  ): unknown {
    if (waiting && !hooking && isEsModule(content, format)) stay()
    return original.call(this, content, filename, format, ...more)
  }

  function onImport({ parentURL, url }: Import): void {
    if (unhook || parentURL !== undefined) return stay()
    program = String(url)
    register()
  }

  function onLoaded(url: string, format: unknown): void {
    if (url !== program) return
    program = undefined
    if (format !== 'commonjs') return stay()
    unhook?.()
    unhook = undefined
  }

  function stay(): void {
    stopWaiting()
    if (!unhook) register()
  }

  /** What has to be read for it is compiled meanwhile, and other tools may not hand on its format. */
  function register(): void {
    hooking = true
    unhook = hook(onLoaded)
    hooking = false
  }

  function stopWaiting(): void {
    waiting = false
    program = undefined
    unsubscribe(IMPORT_STARTS, onImport)
    if (prototype._compile === compile) prototype._compile = original
  }

  prototype._compile = compile
  subscribe(IMPORT_STARTS, onImport)
  return () => {
    stopWaiting()
    unhook?.()
  }
}

/** The format is undefined where no package.json and no extension says it: Node finds out when it compiles. */
function isEsModule(content: unknown, format: string | undefined): boolean {
  if (format === 'module' || format === 'module-typescript') return true
  if (format === 'commonjs' || format === 'commonjs-typescript') return false
  return typeof content !== 'string' || mayImport(content)
}
