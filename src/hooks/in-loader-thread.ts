/**
 * Whether this is the thread in which Node runs other people's module hooks. It runs preloads again, but no module of
 * the application. A program's own thread has the program in its arguments; where there is none, the REPL and `-e`, it
 * is asked properly, which loads 3 ms worth of Node.
 */
export function inLoaderThread(): boolean {
  if (process.argv.length > 1) return false
  const { isMainThread, parentPort } = process.getBuiltinModule('node:worker_threads')
  return !isMainThread && parentPort === null
}
