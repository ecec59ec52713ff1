import { openProcessQueue, type ProcessQueue, shareWithWorkers } from './process-queue.ts'
import { type OwnerDuties, serveCalls } from './queue-owner.ts'
import { controlOf } from './control-block.ts'

/**
 * Opens the queue for a process that may start worker threads: whichever of them loads a target first, the spans of all
 * go to one queue and one export thread.
 *
 * @param open the queue, if this thread has one already
 * @param spans how many spans may wait, as it stands in the environment
 * @param duties what this thread does for the others, if the queue is its own
 */
export function shareQueue(
  open: ProcessQueue | undefined,
  spans: string | undefined,
  duties: OwnerDuties,
): ProcessQueue {
  const queue = open ?? openProcessQueue(spans)
  if (queue.owned) {
    shareWithWorkers(queue.memory)
    serveCalls(controlOf(queue.memory), duties)
  }
  return queue
}
