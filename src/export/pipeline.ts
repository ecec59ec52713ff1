import { randomBytes } from 'node:crypto'
import { hostname, userInfo } from 'node:os'
import tls from 'node:tls'
import type { Config } from '../config/config.ts'
import { messageOf } from '../shared/errors.ts'
import type { Logger } from '../shared/log.ts'
import type { Mode, ProcessFacts, WireSpan } from '../transport/wire.ts'
import { adviceFor } from './delivery/advice.ts'
import type { CircuitState } from './delivery/circuit.ts'
import { createDelivery } from './delivery/delivery.ts'
import { createFailover } from './delivery/failover.ts'
import { createTimedExporter } from './delivery/timed-exporter.ts'
import { endWhenRefused, publicLog } from './delivery/public-delivery.ts'
import { measuredExporter } from './delivery/measured-exporter.ts'
import { takePublicTurn } from './delivery/public-pace.ts'
import { communityKey } from './destination/community-key.ts'
import type { Destination } from './destination/destination.ts'
import { leavesMachine } from './destination/leaves-machine.ts'
import { proxyEnvironment } from './destination/proxy-environment.ts'
import { showPublicNotice } from './destination/public-notice.ts'
import { resolveDestination } from './destination/resolve-destination.ts'
import { stateFolder } from '../config/state-folder.ts'
import { createExporters } from './exporters/create-exporters.ts'
import type { JournalLoss } from './journal/adopter.ts'
import type { Journal } from './journal/journal.ts'
import type { SegmentOwner } from './journal/segment-name.ts'
import type { LoadControl } from './load/load-control.ts'
import type { Tuning } from './load/reactions.ts'
import { createLimitWarnings } from './limits/limit-warnings.ts'
import { createDeliveryRecord } from './metrics/delivery-record.ts'
import { journalBytes } from './metrics/journal-bytes.ts'
import type { DropReason, SpanCounters } from './metrics/span-counters.ts'
import { openDestinationJournal } from './open-destination-journal.ts'
import type { MachineNames } from './privacy/machine-name-rules.ts'
import { createPrivacyFilter, type PrivacyFilter } from './privacy/filter.ts'
import { createPublicAllowList } from './privacy/public-allow-list.ts'
import { repairSpan } from './privacy/repair-span.ts'
import { type OutsideView, openOutsideView } from './seen-from-outside.ts'
import { openSharedLimits } from './shared-limits.ts'
import { settledBefore } from './settled-before.ts'
import { createSafeDelivery, type SafeDelivery } from './safe-delivery.ts'

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
}

/** The way of a span through the export thread. */
export interface Pipeline {
  /** Takes lines of the span queue. */
  accept(lines: readonly string[]): void
  /**
   * Settles when nothing waits any more, or the time is over; what is not delivered then stays in the journal.
   *
   * @param mostMs milliseconds that the process waits for it
   */
  finish(mostMs: number): Promise<void>
  /** Drops what waits. */
  discard(): void
}

const MOST_UNDECIDED = 20_000
/** Public mode spares the quota that everybody shares. */
const PUBLIC_INTERVAL_MS = 15 * 60_000
const TICK_MS = 60_000
const SHORTEST_ADOPT_MS = 1000
/** Of the time that the end of the process may take, for the answer and a busy machine. */
const FINISH_MARGIN = 0.1
const UNREADABLE = Symbol('unreadable')

/** Composes destination, privacy, limits and delivery. Until the destination is decided, spans wait in memory. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { config, log, onSettled } = options
  const record = createDeliveryRecord()
  const counters = record.spans
  const limitWarnings = createLimitWarnings({ log, now: () => performance.now() })
  const undecided: string[] = []
  let admit: ((line: string) => WireSpan | undefined) | undefined
  let delivery: SafeDelivery | undefined
  let unresolved: Journal | undefined
  let outside: OutsideView | undefined
  let abandon = (): void => {}
  let end = (): void => {}

  function drop(reason: DropReason, count = 1): undefined {
    counters.dropped(reason, count)
    onSettled(count)
  }

  function waitUndecided(line: string): void {
    if (undecided.length < MOST_UNDECIDED) undecided.push(line)
    else drop('export_backlog')
  }

  async function decide(): Promise<void> {
    // Tokens come from Google alone; exporters state the version for each endpoint themselves.
    tls.DEFAULT_MIN_VERSION = 'TLSv1.3'
    Object.assign(options.environment, proxyEnvironment(options.environment))
    const resolved = await resolveDestination({
      config,
      environment: options.environment,
      communityKey: communityKey(),
    })
    for (const warning of resolved.warnings) log.warn(warning)
    openRoom(resolved.destination)
    options.onDestination(resolved.destination.mode)
    accept(undecided.splice(0))
  }

  function openRoom(destination: Destination): void {
    const { mode } = destination
    log.info(describe(destination))
    let compress = (): boolean => false
    const { exporters, warnings } = createExporters({ ...options, destination, compress: () => compress() })
    for (const warning of warnings) log.warn(warning)
    const filter = createPrivacyFilter({ mode, config, names: machineNames() })
    const folder = stateFolder(config.directory, options.environment)
    const limits = openSharedLimits({ config, destination, folder, onBudget: options.onBudget, log })
    abandon = () => limits.abandon()
    end = () => limits.end()
    const sendsPublicly = mode === 'public' && leavesMachine(config, destination)
    const consented = !sendsPublicly || showPublicNotice(folder, options.environment)
    const base = {
      rateBound: undefined,
      batchSize: limits.batchSize,
      intervalMs: sendsPublicly ? PUBLIC_INTERVAL_MS : config.flushIntervalSeconds * 1000,
      timeoutMs: config.exportTimeoutSeconds * 1000,
      queueSize: config.queueSize,
      compress: false,
    }
    const load = options.watchLoad(base)
    compress = () => load.tuning.compress
    const now = (): number => performance.now()
    const measured = measuredExporter(createFailover(exporters, now), record.requested, now)
    const sending = mode === 'public' ? endWhenRefused(measured, keyRefused) : measured
    const exporter = limits.gated(createTimedExporter(sending, load.requestEnded))
    // Public mode sends so seldom that nothing would still be open by then.
    if (mode === 'private') void exporter.prepare?.()
    const journal = consented ? openDestinationJournal(destination, { ...options, onLost }) : undefined
    settleInherited(journal)
    let isFailing = false
    delivery = createSafeDelivery({
      journal,
      open: (settled) =>
        createDelivery({
          exporter,
          get batchSize() {
            return inForce(load.tuning.batchSize, base.batchSize, options.changedSettings().batchSize)
          },
          get intervalMs() {
            const changed = sendsPublicly ? 0 : options.changedSettings().intervalMs
            return inForce(load.tuning.intervalMs, base.intervalMs, changed)
          },
          get timeoutMs() {
            return inForce(load.tuning.timeoutMs, base.timeoutMs, options.changedSettings().timeoutMs)
          },
          exitTimeoutMs: config.exitTimeoutSeconds * 1000,
          counters,
          onSettled: settled,
          repair: (span) => repairSpan(span, Date.now()),
          onCircuit: (state) => {
            isFailing = state.state === 'open'
            record.failing = isFailing
            options.onCircuit(state)
          },
          log: mode === 'public' ? publicLog(log) : log,
          advice: (failure) => adviceFor(failure, { destination, config, environment: options.environment }),
        }),
      get batchSize() {
        return inForce(load.tuning.batchSize, base.batchSize, options.changedSettings().batchSize)
      },
      adoptEveryMs: Math.max(SHORTEST_ADOPT_MS, load.tuning.intervalMs),
      adoptAtOnce: mode === 'private',
      isFailing: () => isFailing,
      mayFinish: () => !sendsPublicly || takePublicTurn(folder, Date.now()),
      counters,
      onSettled,
      onJournaled: options.onJournaled,
      log,
    })
    const opened = delivery
    outside = openOutsideView({
      ...options,
      destination,
      stateFolder: folder,
      load,
      exporterName: () => exporter.name,
      sources: {
        record,
        queueSize: () => options.unread() + opened.waiting,
        journalBytes: () => journalBytes(folder),
      },
    })
    admit = (line) => {
      const span = readContained(line, consented ? filter : () => undefined)
      if (span === UNREADABLE) return drop('unreadable')
      record.samplingRate = samplingRateOf(span) ?? record.samplingRate
      if (!span) return drop(consented ? 'not_public' : 'no_consent')
      const bytes = Buffer.byteLength(JSON.stringify(span))
      const over = limits.limiter.admit(bytes)
      if (!over) {
        load.spanAdded(bytes)
        return span
      }
      limitWarnings.count(over)
      drop(over)
    }
  }

  function keyRefused(): void {
    log.debug(
      'the key of this build was refused: public mode is over for this process; a newer build has a newer key',
    )
    admit = () => drop('key_refused')
    delivery?.discard('key_refused')
  }

  /** What an earlier export thread had taken comes back from the journal, as far as it got there. */
  function settleInherited(journal: Journal | undefined): void {
    const lost = options.inherited - (options.inherited > 0 ? (journal?.recover() ?? 0) : 0)
    if (lost <= 0) return
    drop('export_thread', lost)
    log.warn(`${lost} spans were lost with the export thread, which ended before they were on disk`)
  }

  function onLost(reason: JournalLoss, count: number, own: boolean): void {
    counters.dropped(reason, count)
    if (own) onSettled(count)
    log.warn(`${count} spans of the journal cannot be sent any more (${reason}) and are dropped`)
  }

  /** One line that cannot be read or filtered must not take the others with it. */
  function readContained<T>(line: string, filterSpan: (span: WireSpan) => T): T | typeof UNREADABLE {
    try {
      return filterSpan(JSON.parse(line) as WireSpan)
    } catch (error) {
      // The message of a JSON error quotes the text.
      log.debug(`a span cannot be read: ${error instanceof Error ? error.name : 'unknown error'}`)
      return UNREADABLE
    }
  }

  const decided = decide().catch((error: unknown) => {
    log.error(`the export thread cannot send spans: ${messageOf(error)}`)
    drop('no_destination', undecided.splice(0).length)
    admit = () => drop('no_destination')
    settleInherited(undefined)
  })
  setInterval(() => {
    countQueueDrops()
    limitWarnings.tick()
  }, TICK_MS).unref()

  /** They never came this far, so they are not among those that have to be settled. */
  function countQueueDrops(): void {
    const { full, oversize, fallback } = options.takeQueueDrops()
    if (full > 0) limitWarnings.count('queue_full', full)
    if (oversize > 0) limitWarnings.count('too_large', oversize)
    counters.dropped('queue_full', full)
    counters.dropped('too_large', oversize)
    counters.dropped('fallback_mode', fallback)
  }

  function accept(lines: readonly string[]): void {
    if (!admit) return lines.forEach(waitUndecided)
    const spans = lines.map(admit).filter((span) => span !== undefined)
    if (spans.length > 0) delivery?.add(spans)
  }

  async function finish(mostMs: number): Promise<void> {
    const deadline = performance.now() + mostMs * (1 - FINISH_MARGIN)
    if (!(await settledBefore(deadline, decided))) keepUndecided()
    end()
    await delivery?.finish(deadline)
    countQueueDrops()
    limitWarnings.flush()
    log.debug(summaryOf(counters))
    await outside?.close()
  }

  /** Nobody knows for whom they are: no more of them is written down than may go to anybody. */
  function keepUndecided(): void {
    unresolved ??= openDestinationJournal(undefined, { ...options, onLost })
    if (!unresolved) return
    const filter: PrivacyFilter = createPublicAllowList(randomBytes(32))
    const kept: WireSpan[] = []
    for (const line of undecided.splice(0)) {
      const span = readContained(line, filter)
      if (span === UNREADABLE) drop('unreadable')
      else if (span) kept.push(span)
      else drop('no_destination')
    }
    unresolved.record(kept)
    options.onJournaled(unresolved.unsettled)
  }

  function discard(): void {
    const count = undecided.splice(0).length
    if (count > 0) drop('switched_off', count)
    delivery?.discard('switched_off')
    abandon()
  }

  return { accept, finish, discard }
}

function samplingRateOf(span: WireSpan | undefined): number | undefined {
  const rate = span?.attributes['sampling.rate']
  return typeof rate === 'number' ? rate : undefined
}

/** What code has changed holds as long as load demands nothing else. */
function inForce(tuned: number, base: number, changed: number): number {
  return tuned === base && changed !== 0 ? changed : tuned
}

function summaryOf({ deliveredTotal, droppedTotals }: SpanCounters): string {
  const dropped = [...droppedTotals]
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${reason}: ${count}`)
  return `${deliveredTotal} spans delivered, ${dropped.length > 0 ? `dropped: ${dropped.join(', ')}` : 'none dropped'}`
}

function describe(destination: Destination): string {
  if (destination.mode === 'local') return 'no project was found: traces stay on this machine'
  if (destination.mode === 'public') return `spans go to the community project ${destination.projectId}`
  return destination.projectId === undefined
    ? 'spans go to the endpoint that was named'
    : `spans go to project ${destination.projectId} (from ${destination.source})`
}

function machineNames(): MachineNames {
  try {
    return { user: userInfo().username, host: hostname() }
  } catch {
    // A container may run as a user id that has no entry in /etc/passwd.
    return { host: hostname() }
  }
}
