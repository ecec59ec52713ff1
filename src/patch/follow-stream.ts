import { errorMonitor } from 'node:events'
import type { CallEnding } from './call-ending.ts'

interface NodeStream {
  once(event: string | symbol, listener: (...args: unknown[]) => void): unknown
  pipe(...args: unknown[]): unknown
  readonly destroyed: boolean
}

/**
 * Watches a Node stream until it has closed. Errors are only looked at: a listener for them would make one that nobody
 * handles go unnoticed.
 *
 * @param stream what a traced method returned
 * @param ending told when it has closed or failed
 * @returns false if it is no stream that is still open
 */
export function followStream(stream: object, ending: CallEnding): boolean {
  if (!isOpenStream(stream)) return false
  stream.once(errorMonitor, (error) => ending.endWithError(error))
  stream.once('close', () => ending.end())
  return true
}

function isOpenStream(value: object): value is NodeStream {
  const { once, pipe, destroyed } = value as Partial<NodeStream>
  return typeof once === 'function' && typeof pipe === 'function' && destroyed === false
}
