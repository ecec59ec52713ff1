import { hasUndelivered } from './finish-handshake.ts'
import { hasOpenInWorkers } from './open-in-workers.ts'
import { Word } from './control-block.ts'

/**
 * A worker thread cannot start the export thread: a thread dies with the one that started it. So it calls the owner of
 * the queue, the main thread, which starts it when its event loop turns, or at the latest when the process ends. Until
 * then spans wait in the shared memory. Nothing is posted, so the application finds no port and no message.
 */

/**
 * Starting the export thread blocks the owner for some 10 ms, and a worker often ends right after its span: its last
 * message and its end would then come in one turn of the owner's event loop, and a program that waits for them one after
 * the other would miss the end. So the owner lets both pass first.
 */
const LET_PASS_MS = 30
// As it was when the agent was loaded: test runners put a fake one in its place.
const later = setTimeout

/** What the owner does for the other threads. */
export interface OwnerDuties {
  /** Spans of other threads wait: an export thread has to run, and signals have to wait for their delivery. */
  readonly onCall: () => void
  /** The process ends, and something is undelivered, or open in other threads. */
  readonly onExit: () => void
}

/**
 * Listens for calls for as long as the process lives, without keeping it alive.
 *
 * @param control control block of the queue
 */
export function serveCalls(control: Int32Array, duties: OwnerDuties): void {
  async function serve(seen: number): Promise<never> {
    for (;;) {
      const change = Atomics.waitAsync(control, Word.called, seen)
      if (change.async) await change.value
      await new Promise((resolve) => later(resolve, LET_PASS_MS).unref())
      seen = Atomics.load(control, Word.called)
      duties.onCall()
    }
  }
  void serve(Atomics.load(control, Word.called))
  process.on('exit', () => {
    if (hasUndelivered(control) || hasOpenInWorkers(control)) duties.onExit()
  })
}

/** Calls the owner, unless it knows already. */
export function callOwner(control: Int32Array): void {
  if (Atomics.load(control, Word.served) === 1 && Atomics.load(control, Word.watched) === 1) return
  Atomics.add(control, Word.called, 1)
  Atomics.notify(control, Word.called)
}
