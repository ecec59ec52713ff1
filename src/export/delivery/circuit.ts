import { circuitBreaker, ConstantBackoff, handleWhenResult, type IBreaker } from 'cockatiel'
import type { ExportFailure, ExportOutcome, FailureKind } from '../exporters/exporter.ts'

/** The classes of failures that have a threshold of their own. */
type FailureClass = 'connection' | 'timeout' | 'validation' | 'export'

const CLASS_OF: Readonly<Record<FailureKind, FailureClass>> = {
  connection: 'connection',
  timeout: 'timeout',
  'rejected-data': 'validation',
  throttled: 'export',
  credentials: 'export',
  server: 'export',
  unknown: 'export',
}

/** More failures of a class than this since the last success open the circuit. */
const MOST: Readonly<Record<FailureClass, number>> = { connection: 5, timeout: 3, validation: 20, export: 10 }

/**
 * When the next request goes out is decided by the delivery alone, which keeps its pauses by a clock that only runs
 * forwards; so the policy lets every request through as a probe.
 */
const PROBE_AT_ANY_TIME = new ConstantBackoff(Number.NEGATIVE_INFINITY)

/** What is told of a circuit. */
export type CircuitState =
  | { readonly state: 'closed' }
  /** Deliveries fail for this reason, so many times since the last success. */
  | { readonly state: 'open'; readonly cause: ExportFailure; readonly failures: number }

/** Watches how requests end, and opens when too many have failed since the last success. */
export interface Circuit {
  /** Makes one request; while the circuit is open, as a probe that closes it when it succeeds. */
  request(send: () => Promise<ExportOutcome>): Promise<ExportOutcome>
  readonly isOpen: boolean
}

/**
 * Makes a closed circuit.
 *
 * @param onChange told when it opens and when it closes again
 */
export function createCircuit(onChange: (state: CircuitState) => void): Circuit {
  const failures = new Map<FailureClass, number>()
  let last: ExportFailure | undefined
  let isOpen = false

  const breaker: IBreaker = {
    // Kept by this process alone, so there is nothing to restore.
    state: undefined,
    success: () => failures.clear(),
    failure: () => {
      if (!last) return false
      const failureClass = CLASS_OF[last.kind]
      const count = (failures.get(failureClass) ?? 0) + 1
      failures.set(failureClass, count)
      return count > MOST[failureClass]
    },
  }
  const policy = circuitBreaker(
    handleWhenResult((outcome) => (outcome as ExportOutcome).status === 'failed'),
    { halfOpenAfter: PROBE_AT_ANY_TIME, breaker },
  )
  // A probe that fails breaks it again, which is no news.
  policy.onBreak(() => {
    if (isOpen || !last) return
    isOpen = true
    onChange({ state: 'open', cause: last, failures: failures.get(CLASS_OF[last.kind]) ?? 0 })
  })
  policy.onReset(() => {
    isOpen = false
    onChange({ state: 'closed' })
  })

  return {
    request: (send) =>
      policy.execute(async () => {
        const outcome = await send()
        if (outcome.status === 'failed') last = outcome
        return outcome
      }),
    get isOpen() {
      return isOpen
    },
  }
}
