/**
 * Class names of errors that say nothing about an application, because everybody's are called that: those of the
 * language, of Node, and of zen. A fixed list and no pattern: `ZenBillingAtAcmeError` would match any pattern.
 */
const PUBLIC_ERROR_TYPES: ReadonlySet<string> = new Set([
  // The language and WebAssembly
  'Error',
  'AggregateError',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SuppressedError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'CompileError',
  'LinkError',
  'RuntimeError',
  // Node, and what the web platform in it throws
  'AbortError',
  'AssertionError',
  'DOMException',
  'DataCloneError',
  'NodeError',
  'QuotaExceededError',
  'SystemError',
  'TimeoutError',
  // zen
  'ZenError',
  'CommandError',
  'QueueClosedError',
  'UnknownCommandError',
])

/**
 * What public mode says about the class of an error.
 *
 * @param type class name, or `typeof` for what is not an error
 * @returns the same, or `Error` for every class that is not on the list
 */
export function publicErrorType(type: string): string {
  return PUBLIC_ERROR_TYPES.has(type) ? type : 'Error'
}
