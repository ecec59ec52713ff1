import type { Logger } from '../../shared/log.ts'
import { type AuditRecord, createAuditLog } from './audit-log.ts'
import { createLoadWatch, type LoadPace } from './load-watch.ts'
import { createProcessCpu } from './process-cpu.ts'
import type { Tuning } from './reactions.ts'

/** The load of the process, measured and reacted to. */
export interface LoadControl {
  /** How spans are to be sampled, gathered and sent at the moment. */
  readonly tuning: Tuning
  /** A span was handed to delivery. */
  spanAdded(bytes: number): void
  /** A request has ended. */
  requestEnded(request: { readonly inTime: boolean; readonly milliseconds: number }): void
  /** The last reactions, oldest first. */
  records(): readonly AuditRecord[]
  /** The names of the reactions that are in force. */
  inForce(): readonly string[]
}

/** What it is made of. */
export interface LoadControlOptions {
  readonly pace: LoadPace
  /** Share of a core that the process may use, above 0 and at most 1; its load is measured by that. */
  readonly core: number
  /** What holds without any reaction. */
  readonly base: Tuning
  /** How the application threads were since the last call; heap undefined where they have not said. */
  readonly takeVitalSigns: () => { readonly heap: number | undefined; readonly loopDelay: number }
  /** Told what holds from now on, after each change. */
  readonly onChange: (tuning: Tuning) => void
  readonly log: Pick<Logger, 'info'>
}

/** The watch sleeps after so long without spans, unless it holds something back. */
const IDLE_MS = 60_000
const SECOND_MS = 1000

/** Measures once in a while, for as long as spans come or a reaction is in force. Its timer keeps nothing alive. */
export function createLoadControl(options: LoadControlOptions): LoadControl {
  const { pace, base } = options
  const now = (): number => performance.now()
  const audit = createAuditLog()
  const cpu = createProcessCpu(now, options.core)
  const watch = createLoadWatch({ ...options, audit, now, date: Date.now })
  let timer: NodeJS.Timeout | undefined
  let looked = now()
  let lastSpan = now()
  let bytes = 0
  let heap = 0
  let timeouts = 0

  function look(): void {
    const signs = options.takeVitalSigns()
    heap = signs.heap ?? heap
    const elapsed = Math.max(1, now() - looked)
    const traffic = (bytes * SECOND_MS) / elapsed
    bytes = 0
    looked = now()
    watch.look({ cpu: cpu.read(), heap, loopDelay: signs.loopDelay, traffic, timeouts })
    if (now() - lastSpan < IDLE_MS || watch.inForce().length > 0) return
    clearInterval(timer)
    timer = undefined
  }

  function wake(): void {
    cpu.read()
    looked = now()
    timer = setInterval(look, pace.lookMs).unref()
  }

  return {
    get tuning() {
      return watch.tuning
    },
    spanAdded(size) {
      bytes += size
      lastSpan = now()
      if (!timer) wake()
    },
    requestEnded({ inTime, milliseconds }) {
      if (!inTime) timeouts++
      // Slower than that, and the usual time would soon be too short again.
      else if (milliseconds < base.timeoutMs / 2) timeouts = 0
    },
    records: audit.records,
    inForce: watch.inForce,
  }
}
