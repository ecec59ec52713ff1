import type { Logger } from '../../shared/log.ts'
import type { ExportFailure } from '../exporters/exporter.ts'
import type { CircuitState } from './circuit.ts'

const WARN_EVERY_MS = 60_000

/** Says what goes wrong with deliveries: once a minute and kind, and once when the circuit opens. */
export interface FailureWarnings {
  /**
   * A request failed, or spans of it were refused.
   *
   * @param what which spans, and what becomes of them
   */
  failed(failure: ExportFailure, what: string): void
  /** The circuit opened or closed. While it is open, single failures are no news. */
  circuit(state: CircuitState): void
}

/** What the warnings are made of. */
export interface FailureWarningsOptions {
  readonly log: Logger
  /** What to say of a failure besides what the service said: which credentials were used, what to do. */
  readonly advice: (failure: ExportFailure) => string
  /** Milliseconds of a clock that only runs forwards. */
  readonly now: () => number
}

/** Makes them; nothing has been said yet. */
export function createFailureWarnings({ log, advice, now }: FailureWarningsOptions): FailureWarnings {
  const lastWarned = new Map<ExportFailure['kind'], number>()
  let isOpen = false

  return {
    failed(failure, what) {
      const line = `${what} (${failure.kind}): ${failure.message}`
      const recently = now() - (lastWarned.get(failure.kind) ?? Number.NEGATIVE_INFINITY) < WARN_EVERY_MS
      if (isOpen || recently) return log.debug(line)
      lastWarned.set(failure.kind, now())
      log.warn(`${line}. ${advice(failure)}`.trim())
    },
    circuit(state) {
      isOpen = state.state === 'open'
      if (state.state === 'closed') return log.info('spans are delivered again; the sampling rate returns')
      const { cause, failures } = state
      log.warn(
        `nothing was delivered since ${failures} requests failed (${cause.kind}): ${cause.message}. Until a request ` +
          'succeeds, 1% of the calls are sampled, and only failed and root spans are recorded. ' +
          `${advice(cause)}`.trim(),
      )
    },
  }
}
