import { writeAlert } from '../transport/delivery-alert.ts'
import { storeRateBound } from '../transport/rate-bound.ts'
import { Word } from '../transport/control-block.ts'
import type { CircuitState } from './delivery/circuit.ts'

const FALLBACK_RATE = 0.01

/**
 * Tells the application threads that deliveries fail, or work again: while they fail, only root spans and failed ones are
 * recorded, at a rate of 1%. Subscribers are alerted.
 *
 * @param control control block of the span queue
 */
export function showCircuit(control: Int32Array, circuit: CircuitState): void {
  const failing = circuit.state === 'open'
  storeRateBound(control, 'breakerBound', failing ? FALLBACK_RATE : undefined)
  Atomics.store(control, Word.rootsOnly, failing ? 1 : 0)
  writeAlert(control, failing ? { state: 'failing', cause: circuit.cause.kind } : { state: 'recovered' })
}
