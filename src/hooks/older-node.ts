/** What the agent does on Node versions without synchronous hooks, where `import` is not seen in its own thread. */
import { needsLoaderThread, startLoaderThread } from './loader-thread.ts'
import type { LoaderInput } from './module-loader.ts'
import type { Targets } from '../targets/all-targets.ts'

/**
 * Starts Node's loader thread where an ES module target is in reach.
 *
 * @param input what names the targets
 * @param places where those of the user are
 * @param onWorkerThreads called before the application has Node's worker threads
 */
export function hookOlderNode(
  input: LoaderInput,
  places: Targets['places'],
  onWorkerThreads: () => void,
): void {
  const entry = { script: process.argv[1], execArgv: process.execArgv, cwd: input.cwd }
  if (!needsLoaderThread(entry, places)) return
  startLoaderThread(input)
  // Node has loaded them for that thread, and an `import` of them cannot be seen here.
  onWorkerThreads()
}
