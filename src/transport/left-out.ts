import { Word } from './control-block.ts'

/** What decides about a span. */
export interface Standing {
  readonly parent: unknown
  /** Whether the parent is not one of the agent's own spans. */
  readonly parentIsRemote: boolean
  readonly hasFailed: boolean
}

/**
 * Whether a span is not handed over, because deliveries fail and it is neither a root nor failed; then it is counted. A
 * span whose parent is not the agent's own is a root here.
 *
 * @param control control block of the queue
 */
export function isLeftOut(control: Int32Array, span: Standing): boolean {
  if (Atomics.load(control, Word.rootsOnly) === 0) return false
  if (span.parent === undefined || span.parentIsRemote || span.hasFailed) return false
  Atomics.add(control, Word.droppedFallback, 1)
  return true
}
