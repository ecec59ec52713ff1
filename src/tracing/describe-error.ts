import type { WireError } from '../transport/wire.ts'

const LONGEST_TEXT = 16_384
const UNREADABLE: WireError = { type: 'Error' }

/**
 * Reads type, message and stack of anything that was thrown. What is thrown belongs to the application: getters of
 * theirs that throw, proxies and frozen objects are survived, and nothing is written to it.
 *
 * @param thrown any value
 */
export function describeError(thrown: unknown): WireError {
  try {
    if (typeof thrown !== 'object' || thrown === null)
      return { type: typeof thrown, message: cut(String(thrown)) }
    const { message, stack } = thrown as { message?: unknown; stack?: unknown }
    return {
      type: typeName(thrown),
      ...(typeof message === 'string' && message !== '' && { message: cut(message) }),
      ...(typeof stack === 'string' && { stack: cut(stack) }),
    }
  } catch {
    return UNREADABLE
  }
}

/** `error.type` is the class name; a `name` set by hand counts where the class says no more than `Error`. */
function typeName(thrown: object): string {
  const className: unknown = thrown.constructor?.name
  const name: unknown = (thrown as { name?: unknown }).name
  if (typeof className === 'string' && className !== '' && className !== 'Error' && className !== 'Object') {
    return cut(className)
  }
  return typeof name === 'string' && name !== '' ? cut(name) : 'Error'
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text
}
