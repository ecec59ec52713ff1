import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../shared/errors.ts'
import { readCloudTrace } from './read-cloud-trace.ts'

/** What came of reading a trace back. */
export type ReadBack =
  | { readonly kind: 'found'; readonly milliseconds: number }
  /** The credentials may write and not read, as is right for an agent. */
  | { readonly kind: 'not-allowed' }
  | { readonly kind: 'not-found'; readonly seconds: number }
  | { readonly kind: 'failed'; readonly problem: string }

/** Spans can be read some seconds after they were written. */
const PAUSES_MS = [0, 500, 1000, 2000, 4000, 8000]

/**
 * Waits until a span can be read from Cloud Trace.
 *
 * @param projectId the project it was written to
 * @param traceId 32 hex digits
 * @param name of the span
 * @returns never rejects
 */
export async function readTraceBack(projectId: string, traceId: string, name: string): Promise<ReadBack> {
  const start = performance.now()
  for (const pause of PAUSES_MS) {
    await sleep(pause)
    try {
      const spans = await readCloudTrace(projectId, traceId)
      if (spans.some((span) => span.name === name)) {
        return { kind: 'found', milliseconds: Math.round(performance.now() - start) }
      }
    } catch (thrown) {
      const status = Number((thrown as { status?: unknown }).status)
      if (status === 403 || status === 401) return { kind: 'not-allowed' }
      return { kind: 'failed', problem: messageOf(thrown) }
    }
  }
  return { kind: 'not-found', seconds: Math.round((performance.now() - start) / 1000) }
}
