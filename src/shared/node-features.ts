/** What a Node version can do for the agent. */
export interface NodeFeatures {
  /** Supported at all. */
  readonly supported: boolean
  /**
   * `module.registerHooks()` sees every `import` and `require` in the thread that runs the application, so no loader
   * thread is needed.
   */
  readonly synchronousHooks: boolean
  /**
   * Every `import()`, and the start of a program that is an ES module, is published on the channel `module.import` before
   * anything is looked for.
   */
  readonly announcesImports: boolean
  /**
   * `AsyncLocalStorage` stands on async context frames, which cost nothing where none is used. Before, it stood on
   * `async_hooks`: one storage in use makes each promise of the process slower.
   */
  readonly asyncContextFrame: boolean
}

type Version = readonly [major: number, minor: number, patch: number]

/** `Module.register` and the test matrix of this package: the last maintained 20, and what `package.json` names. */
const SUPPORTED: readonly Version[] = [
  [20, 19, 0],
  [22, 12, 0],
]

/**
 * The first release of each line in which synchronous hooks are complete. They exist since 22.15 and 23.5, but until
 * these releases `require()` inside a CommonJS module that was imported did not pass through them.
 *
 * @see https://nodejs.org/api/module.html#moduleregisterhooksoptions
 * @see https://github.com/nodejs/node/pull/59929
 */
const SYNCHRONOUS_HOOKS: readonly Version[] = [
  [22, 22, 3],
  [24, 11, 1],
  [25, 1, 0],
]

/**
 * The channel is experimental: on a line that is not known yet nothing is built on it.
 *
 * @see https://nodejs.org/api/diagnostics_channel.html#event-moduleimportasyncstart
 */
const ANNOUNCED_IMPORTS: readonly Version[] = [
  [22, 22, 3],
  [24, 11, 1],
  [25, 1, 0],
  [26, 0, 0],
]

/** @see https://github.com/nodejs/node/pull/55552 */
const ASYNC_CONTEXT_FRAME: readonly Version[] = [[24, 0, 0]]

/**
 * Looks a Node version up in the table of facts.
 *
 * @param version such as `20.20.2` or `v26.0.0-rc.1`
 */
export function nodeFeatures(version: string): NodeFeatures {
  return {
    supported: reached(version, SUPPORTED),
    synchronousHooks: reached(version, SYNCHRONOUS_HOOKS),
    announcesImports: reachedOnLine(version, ANNOUNCED_IMPORTS) === true,
    asyncContextFrame: reached(version, ASYNC_CONTEXT_FRAME),
  }
}

/** A version has a fact if it is at or above the entry of its own major line, or newer than every line listed. */
function reached(version: string, since: readonly Version[]): boolean {
  return (
    reachedOnLine(version, since) ??
    (since.length > 0 && (partsOf(version)[0] ?? 0) > Math.max(...since.map((entry) => entry[0])))
  )
}

/** Undefined if nothing is listed of its line. */
function reachedOnLine(version: string, since: readonly Version[]): boolean | undefined {
  const [major = 0, minor = 0, patch = 0] = partsOf(version)
  const line = since.find((entry) => entry[0] === major)
  return line && (minor > line[1] || (minor === line[1] && patch >= line[2]))
}

function partsOf(version: string): readonly number[] {
  return version.replace(/^v/, '').split(/[.-]/, 3).map(Number)
}
