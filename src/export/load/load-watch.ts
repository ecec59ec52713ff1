import type { Logger } from '../../shared/log.ts'
import type { AuditLog } from './audit-log.ts'
import { inWords, type LoadSignals, type Reaction, REACTIONS, type Tuning } from './reactions.ts'

/** How patient the watch is, in milliseconds. */
export interface LoadPace {
  /** Between two looks. */
  readonly lookMs: number
  /** What passes sooner is no reason to react. */
  readonly momentMs: number
  readonly whileMs: number
}

/** Watches the load of the process, and lightens the agent's part of it. */
export interface LoadWatch {
  /** Looks at the signals; to be called every {@link LoadPace.lookMs}. */
  look(signals: LoadSignals): void
  /** How spans are to be sampled, gathered and sent at the moment. */
  readonly tuning: Tuning
  /** The names of the reactions that are in force. */
  inForce(): string[]
}

/** What a watch is made of. */
export interface LoadWatchOptions {
  readonly pace: LoadPace
  /** What holds without any reaction. */
  readonly base: Tuning
  readonly audit: AuditLog
  /** Told what holds from now on, after each change. */
  readonly onChange: (tuning: Tuning) => void
  readonly log: Pick<Logger, 'info'>
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number
  /** Milliseconds since 1970. */
  readonly date: () => number
}

interface State {
  readonly reaction: Reaction
  /** How many times it has become stronger; 0: not in force. */
  step: number
  /** Since when the signal calls for the next change. */
  since: number | undefined
  record: number
}

/**
 * Makes a watch. A reaction begins when its signal has been above its bound for long enough, and ends when it has been
 * below the lower one for as long, so that it does not flutter; one that has steps takes the next when its cause has
 * lasted as long again.
 */
export function createLoadWatch(options: LoadWatchOptions): LoadWatch {
  const { pace, base, audit, log, now, date } = options
  const states: State[] = REACTIONS.map((reaction) => ({ reaction, step: 0, since: undefined, record: 0 }))
  const patience: Readonly<Record<Reaction['patience'], number>> = {
    'at once': 0,
    'a moment': pace.momentMs,
    'a while': pace.whileMs,
  }
  let tuning = base

  function look(signals: LoadSignals): void {
    const changed = states.filter((state) => step(state, signals[state.reaction.signal]))
    if (changed.length === 0) return
    tuning = states
      .filter((state) => state.step > 0)
      .reduce((before, { reaction, step: strength }) => reaction.change(before, strength), base)
    options.onChange(tuning)
  }

  /** Whether the reaction changes now. */
  function step(state: State, value: number): boolean {
    const { reaction } = state
    const stronger = value > reaction.above && state.step < reaction.steps
    const over = value < reaction.below && state.step > 0
    if (!stronger && !over) {
      state.since = undefined
      return false
    }
    state.since ??= now()
    if (now() - state.since < patience[reaction.patience]) return false
    state.since = undefined
    if (over) revert(state, value)
    else act(state, value)
    return true
  }

  function act(state: State, value: number): void {
    const { reaction } = state
    if (state.step > 0) audit.reverted(state.record, date())
    state.step++
    const words = inWords(reaction.signal, value)
    const action = reaction.action(state.step)
    state.record = audit.add({ time: date(), signal: reaction.signal, value: words, action })
    log.info(`${reaction.signal} at ${words}: ${action}`)
  }

  function revert(state: State, value: number): void {
    state.step = 0
    audit.reverted(state.record, date())
    log.info(
      `${state.reaction.signal} back at ${inWords(state.reaction.signal, value)}: no longer ${state.reaction.action(1)}`,
    )
  }

  return {
    look,
    get tuning() {
      return tuning
    },
    inForce: () => states.filter(({ step: strength }) => strength > 0).map(({ reaction }) => reaction.name),
  }
}
