import type { WireSpan } from '../../transport/wire.ts'
import type { Exporter, ExportOutcome } from '../exporters/exporter.ts'
import type { RequestEnding, SendGate } from '../limits/send-gate.ts'

const ABANDONED: ExportOutcome = {
  status: 'failed',
  kind: 'throttled',
  retryable: true,
  message: 'given up while it waited for its turn',
  // Nobody who is in a hurry waits for that.
  retryAfterMs: 60 * 60_000,
}

/**
 * Makes an exporter whose requests wait at a gate until the limits of the machine allow them. The time of a request
 * counts from there.
 */
export function createGatedExporter(exporter: Exporter, gate: SendGate): Exporter {
  async function send(spans: readonly WireSpan[], timeoutMs: number): Promise<ExportOutcome> {
    const bytes = spans.reduce((sum, span) => sum + Buffer.byteLength(JSON.stringify(span)), 0)
    const number = await gate.enter(spans.length, bytes)
    if (number === undefined) return ABANDONED
    const outcome = await exporter.send(spans, timeoutMs)
    gate.leave(number, endingOf(outcome))
    return outcome
  }

  return {
    get name() {
      return exporter.name
    },
    prepare: async () => exporter.prepare?.(),
    send,
    close: () => exporter.close(),
  }
}

function endingOf(outcome: ExportOutcome): RequestEnding {
  if (outcome.status === 'accepted') return { kind: 'accepted' }
  return outcome.kind === 'throttled'
    ? { kind: 'refused', pauseMs: outcome.retryAfterMs }
    : { kind: 'failed' }
}
