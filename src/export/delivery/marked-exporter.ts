import type { Exporter } from '../exporters/exporter.ts'
import type { Journal } from '../journal/journal.ts'

/**
 * Makes an exporter that leaves a mark on disk while it sends. A span that an export thread dies of, whenever it is sent,
 * would be sent again by each that follows; so they count who has died before them.
 */
export function createMarkedExporter(
  exporter: Exporter,
  journal: Pick<Journal, 'sending' | 'survived'>,
): Exporter {
  return {
    get name() {
      return exporter.name
    },
    prepare: async () => exporter.prepare?.(),
    async send(spans, timeoutMs) {
      journal.sending(spans)
      const outcome = await exporter.send(spans, timeoutMs)
      // What is accepted is settled, which says more.
      if (outcome.status === 'failed') journal.survived()
      return outcome
    },
    close: () => exporter.close(),
  }
}
