/** A module of Node's CommonJS loader, and its prototype. */
export interface LoadableModule {
  readonly exports: unknown
  load(filename: string): void
}

/**
 * Watches CommonJS modules being loaded. The hook stands where a file is loaded for the first time, so a cached
 * `require()` never meets it; `import` of a CommonJS module passes here as well.
 *
 * @param prototype that of Node's `Module`
 * @param isTarget a cheap test of the file's path
 * @param onLoaded called with the exports of a target after it has run
 * @returns how to undo it
 */
export function hookCommonJs(
  prototype: LoadableModule,
  isTarget: (path: string) => boolean,
  onLoaded: (exports: unknown, path: string) => void,
): () => void {
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
