import type { Exporter } from '../exporters/exporter.ts'

/** How a request went: whether there was an answer in time, whatever it was, and how long that took. */
export interface TimedRequest {
  readonly inTime: boolean
  readonly milliseconds: number
}

/** Makes an exporter that tells how long its requests take. */
export function createTimedExporter(exporter: Exporter, onEnded: (request: TimedRequest) => void): Exporter {
  return {
    get name() {
      return exporter.name
    },
    prepare: async () => exporter.prepare?.(),
    async send(spans, timeoutMs) {
      const start = performance.now()
      const outcome = await exporter.send(spans, timeoutMs)
      const inTime = outcome.status === 'accepted' || outcome.kind !== 'timeout'
      onEnded({ inTime, milliseconds: performance.now() - start })
      return outcome
    },
    close: () => exporter.close(),
  }
}
