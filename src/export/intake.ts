import { controlOf, openForReading, Word } from '../transport/span-queue.ts'

/** What is done with what the application threads hand over. */
export interface IntakeOptions {
  readonly queue: SharedArrayBuffer
  /** Called with complete lines, oldest first, some hundred at most. */
  readonly onLines: (lines: readonly string[]) => void
  /** Settle everything; the application thread waits for this promise while its process ends. */
  readonly onFinish: () => Promise<void>
  /** Telemetry was switched off: drop what waits. */
  readonly onDiscard: () => void
}

/** The span queue, seen from the thread that reads it. */
export interface Intake {
  /**
   * Takes what has arrived, and hands all of it on at once. For pieces of work that are long one after the other: the
   * loop of this thread, which would do it, does not turn in between.
   */
  takeNow(): void
}

/** Reads lines in portions, so that a busy application wakes this thread at most this often. */
const GATHER_MS = 20
/** Reading and filtering so many spans takes less time than a fast application needs to fill the queue. */
const SLICE = 256
/** What is taken out of the queue and not worked on yet; beyond that, spans stay in the queue until it is full. */
const MOST_TAKEN = 50_000

/**
 * Reads the span queue for as long as the thread lives. It sleeps on the shared memory itself: no timer runs, no
 * message is posted, and the application pays for a wake-up only when there was nothing to do before.
 */
export function serveIntake(options: IntakeOptions): Intake {
  const control = controlOf(options.queue)
  const reader = openForReading(options.queue)
  const taken: string[] = []
  let working = false
  let handingOn = false
  let asked = Atomics.load(control, Word.finishAnswered)

  function takeAll(): boolean {
    const found = taken.length < MOST_TAKEN ? reader.take() : []
    for (const line of found) taken.push(line)
    if (Atomics.exchange(control, Word.discard, 0) === 1) {
      while (taken.length > 0) workOff()
      options.onDiscard()
    }
    if (taken.length > 0 && !working) work()
    return found.length > 0
  }

  function workOff(): void {
    handingOn = true
    try {
      options.onLines(taken.splice(0, SLICE))
    } finally {
      handingOn = false
    }
  }

  /** In slices, and the queue is emptied in between: a burst must not fill it meanwhile. */
  function work(): void {
    workOff()
    working = taken.length > 0
    if (working) setImmediate(goOn)
  }

  function goOn(): void {
    working = false
    takeAll()
  }

  function answerFinish(): void {
    const request = Atomics.load(control, Word.finishAsked)
    if (request === asked) return
    asked = request
    takeAll()
    while (taken.length > 0) workOff()
    const answer = (): void => {
      Atomics.store(control, Word.finishAnswered, request)
      Atomics.notify(control, Word.finishAnswered)
    }
    // Whatever came of it, the application must not wait any longer.
    void options.onFinish().then(answer, answer)
  }

  function takeNow(): void {
    // What hands lines on may come here itself.
    if (handingOn) return
    takeAll()
    while (taken.length > 0) workOff()
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
    if (!takeAll() && Atomics.load(control, Word.finishAsked) === asked) await changeOf(Word.wake, wake)
    Atomics.store(control, Word.asleep, 0)
  }

  async function changeOf(word: number, known: number, timeoutMs?: number): Promise<void> {
    const wait = Atomics.waitAsync(control, word, known, timeoutMs)
    if (wait.async) await wait.value
  }

  void serve()
  return { takeNow }
}
