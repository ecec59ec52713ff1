import { createHmac } from 'node:crypto'

const HEX_DIGITS = 32

/**
 * Gives each trace another id. While the destination was undecided, a span may have joined a trace of the application,
 * whose id is in the application's own headers and logs; nothing but the id tells such a trace from one of the agent's.
 *
 * @param salt random bytes that nobody else has
 * @returns the same id for the same trace, which cannot be led back to the original
 */
export function createPublicTraceId(salt: Uint8Array): (traceId: string) => string {
  return (traceId) => createHmac('sha256', salt).update(traceId).digest('hex').slice(0, HEX_DIGITS)
}
