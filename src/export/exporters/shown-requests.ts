import { messageOf } from '../../shared/errors.ts'
import type { EncodedRequest, Exporter } from './exporter.ts'

/**
 * An exporter that shows each request of another one instead of making it: the same bytes of the same encoder, and
 * nothing is opened. What it cannot encode or show counts as rejected, as trying again would not help.
 *
 * @param exporter what would send
 * @param show writes one request
 */
export function showRequests(exporter: Exporter, show: (request: EncodedRequest) => void): Exporter {
  return {
    name: 'console',
    async send(spans) {
      try {
        if (!exporter.encode) return { status: 'accepted' }
        show(await exporter.encode(spans))
        return { status: 'accepted' }
      } catch (thrown) {
        const message = `the spans cannot be shown: ${messageOf(thrown)}`
        return { status: 'accepted', rejected: { count: spans.length, message } }
      }
    },
    close: () => exporter.close(),
  }
}
