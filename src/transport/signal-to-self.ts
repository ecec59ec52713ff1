/** As POSIX numbers those that the agent listens to. */
const NAMES = new Map<unknown, string>([
  [1, 'SIGHUP'],
  [2, 'SIGINT'],
  [15, 'SIGTERM'],
  [undefined, 'SIGTERM'],
])

/**
 * Watches for signals that the process is about to send to itself. Without a listener such a signal ends it before
 * `process.kill()` returns; with one, the code after it runs, and a process without further work ends by itself.
 *
 * @param beforeSignal called with the signal's name before it is sent; must not throw
 * @returns how to undo it
 */
export function watchSignalsToSelf(beforeSignal: (signal: string) => void): () => void {
  const original = process.kill
  let watching = true
  function kill(this: unknown, pid: number, signal?: string | number): true {
    // 0 is the process group, which it belongs to.
    if (watching && (Number(pid) === process.pid || pid === 0)) {
      beforeSignal(NAMES.get(signal) ?? String(signal))
    }
    return original.call(process, pid, signal)
  }
  process.kill = kill
  return () => {
    watching = false
    if (process.kill === kill) process.kill = original
  }
}
