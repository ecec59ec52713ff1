import { controlOf, openForReading, Word } from '../transport/span-queue.ts'

/** What is done with what the application threads hand over. */
export interface IntakeOptions {
  readonly queue: SharedArrayBuffer
  /** Called with complete lines, oldest first. */
  readonly onLines: (lines: readonly string[]) => void
  /** Settle everything; the application thread waits for this promise while its process ends. */
  readonly onFinish: () => Promise<void>
  /** Telemetry was switched off: drop what waits. */
  readonly onDiscard: () => void
}

/** Reads lines in portions, so that a busy application wakes this thread at most this often. */
const GATHER_MS = 20

/**
 * Reads the span queue for as long as the thread lives. It sleeps on the shared memory itself: no timer runs, no
 * message is posted, and the application pays for a wake-up only when there was nothing to do before.
 */
export function serveIntake(options: IntakeOptions): void {
  const control = controlOf(options.queue)
  const reader = openForReading(options.queue)
  let asked = Atomics.load(control, Word.finishAnswered)

  function takeAll(): boolean {
    const lines = reader.take()
    if (lines.length > 0) options.onLines(lines)
    if (Atomics.exchange(control, Word.discard, 0) === 1) options.onDiscard()
    return lines.length > 0
  }

  function answerFinish(): void {
    const request = Atomics.load(control, Word.finishAsked)
    if (request === asked) return
    asked = request
    takeAll()
    const answer = (): void => {
      Atomics.store(control, Word.finishAnswered, request)
      Atomics.notify(control, Word.finishAnswered)
    }
    // Whatever came of it, the application must not wait any longer.
    void options.onFinish().then(answer, answer)
  }

  async function serve(): Promise<never> {
    for (;;) {
      takeAll()
      answerFinish()
      await sleep()
      await changeOf(Word.finishAsked, asked, GATHER_MS)
    }
  }

  async function sleep(): Promise<void> {
    const wake = Atomics.load(control, Word.wake)
    Atomics.store(control, Word.asleep, 1)
    // Between the last look and the flag a line may have come that woke nobody.
    if (takeAll() || Atomics.load(control, Word.finishAsked) !== asked) Atomics.store(control, Word.asleep, 0)
    else await changeOf(Word.wake, wake)
  }

  async function changeOf(word: number, known: number, timeoutMs?: number): Promise<void> {
    const wait = Atomics.waitAsync(control, word, known, timeoutMs)
    if (wait.async) await wait.value
  }

  void serve()
}
