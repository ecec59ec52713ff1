import { Asleep, controlOf, MANY_LINES, waitingSpans, Word } from '../transport/control-block.ts'
import { openForReading } from '../transport/queue-reader.ts'

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

/**
 * Lines are taken in portions: while they keep coming, this often. Each look costs as much as the work on some spans, and
 * what is not taken yet is lost with a process that is killed, which is 100 ms worth at most.
 */
const GATHER_MS = 80
/** Reading and filtering so many spans takes less time than a fast application needs to fill the queue. */
const SLICE = 256
/** What is taken out of the queue and not worked on yet; beyond that, spans stay in the queue until it is full. */
const MOST_TAKEN = 50_000

/**
 * Reads the span queue for as long as the thread lives. It sleeps on the shared memory itself: no timer runs while nothing
 * comes, no message is posted, and the application pays for a wake-up only when there was nothing to do before.
 */
export function serveIntake(options: IntakeOptions): Intake {
  const control = controlOf(options.queue)
  const reader = openForReading(options.queue)
  const taken: string[] = []
  let working = false
  let handingOn = false
  let asked = Atomics.load(control, Word.finishAnswered)
  let listening = false
  let wakeUp = (): void => {}

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

  /** The first line is taken at once, and wakes this thread; for those that follow, it looks now and then. */
  async function serve(): Promise<never> {
    for (;;) {
      answerFinish()
      if (takeAll()) await gather()
      else await sleep()
    }
  }

  async function gather(): Promise<void> {
    const wake = Atomics.load(control, Word.wake)
    Atomics.store(control, Word.asleep, Asleep.untilMany)
    // So many may have come before the flag, and woken nobody.
    if (waitingSpans(control) < MANY_LINES && !isAsked()) await woken(wake, GATHER_MS)
    Atomics.store(control, Word.asleep, Asleep.no)
  }

  async function sleep(): Promise<void> {
    const wake = Atomics.load(control, Word.wake)
    Atomics.store(control, Word.asleep, Asleep.untilLine)
    // Between the last look and the flag a line may have come that woke nobody.
    if (!takeAll() && !isAsked()) await woken(wake)
    Atomics.store(control, Word.asleep, Asleep.no)
  }

  function isAsked(): boolean {
    return Atomics.load(control, Word.finishAsked) !== asked || Atomics.load(control, Word.discard) === 1
  }

  /** Settles when the word has changed, or after so long. */
  function woken(known: number, mostMs?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = mostMs === undefined ? undefined : setTimeout(resolve, mostMs)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
      listen(known)
    })
  }

  /** One wait at a time: those that a timer has overtaken would pile up. A timer of `waitAsync` itself wakes the thread twice. */
  function listen(known: number): void {
    if (listening) return
    const wait = Atomics.waitAsync(control, Word.wake, known)
    if (!wait.async) return wakeUp()
    listening = true
    void wait.value.then(() => {
      listening = false
      wakeUp()
    })
  }

  void serve()
  return { takeNow }
}
