import type { Config } from '../config/config.ts'
import type { Logger } from '../shared/log.ts'
import type { Mode, ProcessFacts } from '../transport/wire.ts'
import type { CircuitState } from './delivery/circuit.ts'
import type { SegmentOwner } from './journal/segment-name.ts'
import type { LoadControl } from './load/load-control.ts'
import type { Tuning } from './load/reactions.ts'

/** What the rooms of the export thread are composed from. */
export interface PipelineOptions {
  readonly config: Config
  readonly facts: ProcessFacts
  /** Of this thread; completed by the proxy variables in the form that the libraries read. */
  readonly environment: Record<string, string | undefined>
  readonly log: Logger
  /** This thread as owner of segments of the journal. */
  readonly owner: SegmentOwner
  /** Spans that an earlier export thread of this process had taken, and did not settle. */
  readonly inherited: number
  /** Told how many spans need nothing more. */
  readonly onSettled: (count: number) => void
  /** How many spans the queue before this thread has dropped since the last call. */
  readonly takeQueueDrops: () => QueueDrops
  /** What the application's code has changed, 0 for what it has not. */
  readonly changedSettings: () => {
    readonly batchSize: number
    readonly intervalMs: number
    readonly timeoutMs: number
  }
  /** Told the mode as soon as it is decided. */
  readonly onDestination: (mode: Mode) => void
  /** Told when deliveries begin to fail for good, and when they work again. */
  readonly onCircuit: (state: CircuitState) => void
  /** Told how many spans a minute this process does best to make, now and then. */
  readonly onBudget: (spansPerMinute: number) => void
  /** How many root calls failed and were not sampled. */
  readonly unsampledErrors: () => number
  /** Watches the load of the process from now on, given what holds without any. */
  readonly watchLoad: (base: Tuning) => LoadControl
  /** Told how many spans of this process are on disk: undelivered, but not lost if it ends. */
  readonly onJournaled: (count: number) => void
  /** Takes what has arrived in the queue at once: for pauses in long work. */
  readonly takeUnread: () => void
  /** How many spans of the queue have not been taken yet. */
  readonly unread: () => number
  /** Highest sampling rate in force, 0 to 1. */
  readonly rateBound: () => number
}

/** Spans that never came to this thread. */
export interface QueueDrops {
  /** The queue was full. */
  readonly full: number
  /** They were larger than a record may be. */
  readonly oversize: number
  /** Deliveries failed, and they were neither roots nor failed. */
  readonly fallback: number
  /** They were open in a worker thread that was stopped. */
  readonly inWorkers: number
}
