import type { Exporter } from '../exporters/exporter.ts'
import type { RequestListener } from '../metrics/delivery-record.ts'

/**
 * The same exporter, with every request told.
 *
 * @param now milliseconds of a clock that only goes forward
 */
export function measuredExporter(
  exporter: Exporter,
  requested: RequestListener,
  now: () => number,
): Exporter {
  return {
    get name() {
      return exporter.name
    },
    prepare: async () => exporter.prepare?.(),
    async send(spans, timeoutMs) {
      const began = now()
      const outcome = await exporter.send(spans, timeoutMs)
      requested(now() - began, outcome.status === 'failed' ? outcome : undefined)
      return outcome
    },
    close: () => exporter.close(),
  }
}
