import type { ErrorDetails } from '../../config/config.ts'
import type { WireError, WireSpan } from '../../transport/wire.ts'

/**
 * Takes from the errors of a span what the user does not want recorded.
 *
 * @param details the class only, the message too, or the stack too
 */
export function limitErrorDetails(span: WireSpan, details: ErrorDetails): WireSpan {
  if (details === 'stack' || (!span.error && !span.recorded)) return span
  return {
    ...span,
    ...(span.error && { error: reduce(span.error, details) }),
    ...(span.recorded && {
      recorded: span.recorded.map((error) => ({ ...reduce(error, details), at: error.at })),
    }),
  }
}

function reduce({ type, message }: WireError, details: ErrorDetails): WireError {
  return details === 'message' && message !== undefined ? { type, message } : { type }
}
