import Module from 'node:module'

interface LoadableModule {
  readonly exports: unknown
  load(filename: string): void
}

/**
 * Watches CommonJS modules being loaded. The hook stands where a file is loaded for the first time, so a cached
 * `require()` never meets it; `import` of a CommonJS module passes here as well.
 *
 * @param isTarget a cheap test of the file's path
 * @param onLoaded called with the exports of a target after it has run
 * @returns how to undo it
 */
export function hookCommonJs(
  isTarget: (path: string) => boolean,
  onLoaded: (exports: unknown, path: string) => void,
): () => void {
  const prototype = Module.prototype as unknown as LoadableModule
  const original = prototype.load
  function load(this: LoadableModule, filename: string): void {
    original.call(this, filename)
    if (isTarget(filename)) onLoaded(this.exports, filename)
  }
  prototype.load = load
  return () => {
    if (prototype.load === load) prototype.load = original
  }
}
