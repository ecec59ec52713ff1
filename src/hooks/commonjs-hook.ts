import type { Rewrite } from '../rewrite/create-rewriter.ts'

type Compile = (content: string, filename: string, format?: string, ...more: unknown[]) => unknown

/** What compiles and runs the source of a module. */
export interface CompilingModule {
  _compile: Compile
}

/** A module of Node's CommonJS loader, and its prototype. */
export interface LoadableModule extends CompilingModule {
  readonly exports: unknown
  load(filename: string): void
}

/**
 * Watches CommonJS modules being loaded. The hook stands where a file is loaded for the first time, so a cached
 * `require()` never meets it; `import` of a CommonJS module passes here as well.
 *
 * @param prototype that of Node's `Module`
 * @param isTarget a cheap test of the file's path
 * @param rewrite given the source of a target, after whatever else transforms it
 * @param onLoaded called with the exports of a target after it has run
 * @returns how to undo it
 */
export function hookCommonJs(
  prototype: LoadableModule,
  isTarget: (path: string) => boolean,
  rewrite: Rewrite,
  onLoaded: (exports: unknown, path: string) => void,
): () => void {
  const original = prototype.load
  function load(this: LoadableModule, filename: string): void {
    if (!isTarget(filename)) return original.call(this, filename)
    const undo = rewriteWhenCompiled(this, rewrite)
    try {
      original.call(this, filename)
    } finally {
      undo()
    }
    onLoaded(this.exports, filename)
  }
  prototype.load = load
  return () => {
    if (prototype.load === load) prototype.load = original
  }
}

/**
 * The method stands on the one module, not on the prototype: so it comes behind what others have put into
 * `Module._extensions` to compile from another language, and whoever replaced the method for all modules is called.
 */
function rewriteWhenCompiled(module: LoadableModule, rewrite: Rewrite): () => void {
  const undo = (): void => {
    if (Object.hasOwn(module, '_compile')) Reflect.deleteProperty(module, '_compile')
  }
  const compile: Compile = (content, filename, format, ...more) => {
    undo()
    return module._compile(rewrite(content, format, filename), filename, format, ...more)
  }
  Object.defineProperty(module, '_compile', {
    value: compile,
    configurable: true,
    writable: true,
    enumerable: false,
  })
  return undo
}
