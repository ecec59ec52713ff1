import { Word } from './control-block.ts'
import type { WireSpan } from './wire.ts'

/**
 * Whether a span is not handed over, because deliveries fail and it is neither a root nor failed; then it is counted. A
 * span whose parent is not the agent's own is a root here.
 *
 * @param control control block of the queue
 */
export function isLeftOut(control: Int32Array, span: WireSpan): boolean {
  if (Atomics.load(control, Word.rootsOnly) === 0) return false
  if (span.parentSpanId === undefined || span.parentIsRemote || span.error) return false
  Atomics.add(control, Word.droppedFallback, 1)
  return true
}
