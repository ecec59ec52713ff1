import { setTimeout as sleep } from 'node:timers/promises'
import type { MetadataAnswer } from './metadata-project.ts'

/** How long an answer is waited for, and who is told. */
export interface Patience {
  /** Milliseconds from the first question to the last. */
  readonly mostMs: number
  /** Told once, when the first answer has decided nothing, why it has not. */
  readonly onWait: (reason: string) => void
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 5000

/**
 * Asks the metadata server again while this may be Google Cloud: that of GKE takes seconds to serve a pod that has just
 * started, and any may hang for a while. Only a project ends it. A server that is gone after it was there does not prove
 * that this is another place.
 *
 * @param ask one question, which has a bound of its own
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity#limitations
 */
export async function askPatiently(
  ask: () => Promise<MetadataAnswer>,
  { mostMs, onWait }: Patience,
): Promise<MetadataAnswer> {
  const until = performance.now() + mostMs
  let answer = await ask()
  if (answer.kind !== 'undecided') return answer
  onWait(answer.reason)
  for (let pauseMs = FIRST_PAUSE_MS; performance.now() + pauseMs < until; pauseMs = longer(pauseMs)) {
    await sleep(pauseMs)
    const next = await ask()
    if (next.kind === 'project') return next
    if (next.kind === 'undecided') answer = next
  }
  return answer
}

function longer(pauseMs: number): number {
  return Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
}
