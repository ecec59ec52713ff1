import type { Exporter, ExportOutcome, FailureKind } from '../exporters/exporter.ts'

/** Failures that another endpoint may not have; what is wrong with the data or the credentials is wrong there too. */
const WORTH_ANOTHER: ReadonlySet<FailureKind> = new Set(['connection', 'timeout', 'server'])
const RETURN_AFTER_MS = 60_000

/**
 * Makes several exporters one: the first that can be reached is used, and once a minute it is tried to return to the
 * preferred one.
 *
 * @param exporters in order of preference
 * @param now milliseconds of a clock that only goes forward
 */
export function createFailover(exporters: readonly [Exporter, ...Exporter[]], now: () => number): Exporter {
  const [preferred, ...others] = exporters
  if (others.length === 0) return preferred
  let current = 0
  let leftPreferredAt = 0

  async function send(...batch: Parameters<Exporter['send']>): Promise<ExportOutcome> {
    if (current !== 0 && now() - leftPreferredAt >= RETURN_AFTER_MS) current = 0
    const outcome = await (exporters[current] ?? preferred).send(...batch)
    if (outcome.status === 'failed' && WORTH_ANOTHER.has(outcome.kind)) {
      if (current === 0) leftPreferredAt = now()
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
