import type { Span } from '@opentelemetry/api'
import { RecordingSpan } from './recording-span.ts'
import type { RemoteParent } from './remote-parent.ts'
import { SAMPLED } from './span-context.ts'

/** Stands in the context below a root that was not sampled. */
export const UNSAMPLED: unique symbol = Symbol('unsampled')

/** A parent that is recorded, or may be. */
export type KnownParent = RecordingSpan | RemoteParent | Span

/** The kind of parent a call finds. */
export type Parent = KnownParent | typeof UNSAMPLED | undefined

/** Whether a call with this parent is recorded. */
export function isSampled(parent: Exclude<Parent, undefined>): boolean {
  if (parent === UNSAMPLED) return false
  return parent instanceof RecordingSpan || (parent.spanContext().traceFlags & SAMPLED) === SAMPLED
}
