/**
 * Watches for the end of a worker thread. Nothing is waited for: what is written stands in the memory of the process,
 * and the main thread sees to its delivery. `worker.terminate()` runs no listener: spans that are open then are lost, and
 * counted when the process ends.
 *
 * @param endOpen ends the spans that are still open; must not throw
 */
export function watchThreadEnd(endOpen: (uncaught?: { readonly thrown: unknown }) => void): void {
  let uncaught: { readonly thrown: unknown } | undefined
  process.on('uncaughtExceptionMonitor', (thrown) => {
    uncaught = { thrown }
  })
  process.on('exit', (code) => endOpen(code === 0 ? undefined : uncaught))
}
