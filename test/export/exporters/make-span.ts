import { randomBytes } from 'node:crypto'
import type { WireSpan } from '../../../src/transport/wire.ts'

/** A span that ended just now, with ids of its own. */
export function makeSpan(more: Partial<WireSpan> = {}): WireSpan {
  const end = Date.now()
  return {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'zen.orchestrator.run',
    start: end - 12.5,
    end,
    origin: 'builtin',
    attributes: { operation: 'main_loop', 'zen.version': '2.1.0' },
    ...more,
  }
}
