/** Whether a specifier is that of Node's worker threads. */
export function isWorkerThreads(specifier: string): boolean {
  return specifier === 'worker_threads' || specifier === 'node:worker_threads'
}
