import type { WireSpan } from '../../../src/transport/wire.ts'

/** A span of the built-in target with some fields of its own. */
export function spanOf(fields: Partial<WireSpan> = {}): WireSpan {
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'zen.orchestrator.run',
    start: 1_763_800_000_000.25,
    end: 1_763_800_000_120.5,
    origin: 'builtin',
    attributes: { operation: 'main_loop', 'zen.version': '1.4.2' },
    ...fields,
  }
}
