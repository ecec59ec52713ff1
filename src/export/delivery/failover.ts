import type { Exporter, ExportOutcome, FailureKind } from '../exporters/exporter.ts'

/**
 * Failures that another endpoint may not have; what is wrong with the data or the credentials is wrong there too.
 * `unknown` is what an endpoint answers that does not know what is wanted of it.
 */
const WORTH_ANOTHER: ReadonlySet<FailureKind> = new Set(['connection', 'timeout', 'server', 'unknown'])
const RETURN_AFTER_MS = 60_000
const LONGEST_RETURN_MS = 16 * RETURN_AFTER_MS

/**
 * Makes several exporters one: the first that can be reached is used. The preferred one is tried again after a minute,
 * and each time it still fails after twice as long, up to 16 minutes: one that hangs costs a whole request each time.
 *
 * @param exporters in order of preference
 * @param now milliseconds of a clock that only goes forward
 */
export function createFailover(exporters: readonly [Exporter, ...Exporter[]], now: () => number): Exporter {
  const [preferred, ...others] = exporters
  if (others.length === 0) return preferred
  let current = 0
  let leftPreferredAt = 0
  let returnAfterMs = RETURN_AFTER_MS

  async function send(...batch: Parameters<Exporter['send']>): Promise<ExportOutcome> {
    const returning = current !== 0 && now() - leftPreferredAt >= returnAfterMs
    if (returning) current = 0
    const outcome = await (exporters[current] ?? preferred).send(...batch)
    if (outcome.status === 'failed' && WORTH_ANOTHER.has(outcome.kind)) {
      if (current === 0) {
        leftPreferredAt = now()
        returnAfterMs = returning ? Math.min(LONGEST_RETURN_MS, returnAfterMs * 2) : RETURN_AFTER_MS
      }
      current = (current + 1) % exporters.length
    }
    return outcome
  }

  return {
    get name() {
      return (exporters[current] ?? preferred).name
    },
    prepare: async () => preferred.prepare?.(),
    send,
    close: async () => void (await Promise.all(exporters.map((exporter) => exporter.close()))),
  }
}
