import type { CallEnding } from './call-ending.ts'

/**
 * Watches a web stream until it has closed, was cancelled or failed. Node looks at the promise that the stream keeps for
 * itself: no reader is taken, and no method replaced.
 *
 * @param stream what a traced method returned
 * @param ending told when it has closed or failed
 * @returns false if it is no web stream that can be read
 */
export function followWebStream(stream: object, ending: CallEnding): boolean {
  if (Object.prototype.toString.call(stream) !== '[object ReadableStream]') return false
  const { ReadableStream } = process.getBuiltinModule('node:stream/web')
  if (!(stream instanceof ReadableStream)) return false
  // Loaded with web streams anyway.
  const { finished } = process.getBuiltinModule('node:stream')
  finished(stream as unknown as NodeJS.ReadableStream, (error) => {
    if (error) ending.endWithError(error)
    else ending.end()
  })
  return true
}
