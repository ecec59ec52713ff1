import type { WireError } from '../transport/wire.ts'

const LONGEST_TEXT = 16_384
const LONGEST_WORD = 2048
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

/**
 * Cuts in front of a word: half of a secret or of an address is not recognised by the filter of the export thread. A
 * word longer than any of them is cut inside, at a character boundary.
 */
function cut(text: string): string {
  if (text.length <= LONGEST_TEXT) return text
  for (let end = LONGEST_TEXT; end > LONGEST_TEXT - LONGEST_WORD; end--) {
    if (/\s/.test(text.charAt(end))) return text.slice(0, end)
  }
  return text.slice(0, LONGEST_TEXT).replace(/[\uD800-\uDBFF]$/, '')
}
