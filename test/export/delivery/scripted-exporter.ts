import type {
  Exporter,
  ExportFailure,
  ExportOutcome,
  FailureKind,
} from '../../../src/export/exporters/exporter.ts'
import type { WireSpan } from '../../../src/transport/wire.ts'

export const ACCEPTED: ExportOutcome = { status: 'accepted' }

/** A failure of some kind. */
export function failure(
  kind: FailureKind,
  retryable: boolean,
  more: Partial<ExportFailure> = {},
): ExportFailure {
  return { status: 'failed', kind, retryable, message: `the service said ${kind}`, ...more }
}

/** An exporter whose requests are answered by the test. */
export interface ScriptedExporter extends Exporter {
  /** Names of the spans of each request, in the order they were sent. */
  readonly requests: string[][]
  readonly timeouts: number[]
  /** Answers of the next requests; when there are none left, requests are accepted. */
  readonly answers: (ExportOutcome | Promise<ExportOutcome> | (() => Promise<ExportOutcome>))[]
  closed: number
}

/** Makes one. */
export function scriptedExporter(name = 'scripted'): ScriptedExporter {
  const exporter: ScriptedExporter = {
    name,
    requests: [],
    timeouts: [],
    answers: [],
    closed: 0,
    send(spans: readonly WireSpan[], timeoutMs: number) {
      exporter.requests.push(spans.map((span) => span.name))
      exporter.timeouts.push(timeoutMs)
      const answer = exporter.answers.shift() ?? ACCEPTED
      return typeof answer === 'function' ? answer() : Promise.resolve(answer)
    },
    async close() {
      exporter.closed++
    },
  }
  return exporter
}
