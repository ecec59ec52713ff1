/** A worker thread that serves a span queue as the export thread does, and says what it is told. */
import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { serveIntake } from '../../src/export/intake.ts'
import { controlOf, Word } from '../../src/transport/control-block.ts'

/** What the thread is started with. */
export interface IntakeThreadInput {
  readonly queue: SharedArrayBuffer
  /** How finishing goes: it works, takes a moment, fails, or never ends. */
  readonly finishing: 'works' | 'takes a moment' | 'fails' | 'never ends'
}

/** What the thread says. */
export type IntakeNews =
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'finish' | 'discard' | 'works' | 'has worked' }

const { queue, finishing } = workerData as IntakeThreadInput
const control = controlOf(queue)
const MOMENT_MS = 50
let waiting = 0

function say(news: IntakeNews): void {
  parentPort!.postMessage(news)
}

const intake = serveIntake({
  queue,
  onLines: (lines) => {
    waiting += lines.length
    say({ kind: 'lines', lines })
  },
  onFinish: async () => {
    say({ kind: 'finish' })
    if (finishing === 'fails') throw new Error('cannot finish')
    if (finishing === 'never ends') await new Promise(() => {})
    if (finishing === 'takes a moment') await pause(MOMENT_MS)
    Atomics.add(control, Word.settled, waiting)
    waiting = 0
  },
  onDiscard: () => say({ kind: 'discard' }),
})
// A word of shared memory asks for long work, with a pause in it: the loop of the thread does not turn meanwhile. Listening
// also keeps the thread alive between spans, as the export thread does.
parentPort!.on('message', (until: Int32Array) => {
  say({ kind: 'works' })
  Atomics.wait(until, 0, 0)
  intake.takeNow()
  say({ kind: 'has worked' })
})
