import tls from 'node:tls'
import { messageOf } from '../shared/errors.ts'
import type { WireSpan } from '../transport/wire.ts'
import { communityKey } from './destination/community-key.ts'
import { proxyEnvironment } from './destination/proxy-environment.ts'
import { resolveDestination } from './destination/resolve-destination.ts'
import type { JournalLoss } from './journal/adopter.ts'
import type { Journal } from './journal/journal.ts'
import { createLimitWarnings } from './limits/limit-warnings.ts'
import { createDeliveryRecord } from './metrics/delivery-record.ts'
import type { DropReason, SpanCounters } from './metrics/span-counters.ts'
import { openRoom, type Room } from './open-room.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { settledBefore } from './settled-before.ts'
import { createUndecidedSpans } from './undecided-spans.ts'

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

const TICK_MS = 60_000
/** Spans wait in memory meanwhile, a bounded number of them. */
const MOST_MS_UNDECIDED = 120_000
/** Of the time that the end of the process may take, for the answer and a busy machine. */
const FINISH_MARGIN = 0.1

/** Decides where spans go, and opens the room they go through; until then they wait in memory. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { config, environment, log, onSettled } = options
  const record = createDeliveryRecord()
  const counters = record.spans
  const limitWarnings = createLimitWarnings({ log, now: () => performance.now() })
  const undecided = createUndecidedSpans({ ...options, drop, onLost })
  const isLate = openPromise()
  let room: Room | undefined
  let nowhere = false

  function drop(reason: DropReason, count = 1): undefined {
    counters.dropped(reason, count)
    onSettled(count)
  }

  async function decide(): Promise<void> {
    // Tokens come from Google alone; exporters state the version for each endpoint themselves.
    tls.DEFAULT_MIN_VERSION = 'TLSv1.3'
    Object.assign(environment, proxyEnvironment(environment))
    const resolved = await resolveDestination({
      config,
      environment,
      communityKey: communityKey(),
      patience: { mostMs: MOST_MS_UNDECIDED, onWait },
    })
    for (const warning of resolved.warnings) log.warn(warning)
    const { destination } = resolved
    // It has just answered: the libraries need not look for it before they ask it for a token.
    if (destination.mode === 'private' && destination.source === 'metadata')
      environment['METADATA_SERVER_DETECTION'] ??= 'assume-present'
    const onJournal = settleInherited
    room = openRoom({ ...options, destination, record, limitWarnings, drop, onLost, onJournal })
    options.onDestination(destination.mode)
    accept(undecided.take())
  }

  function onWait(reason: string): void {
    log.info(
      `the metadata server of Google Cloud does not name the project yet (${reason}); it is asked again for ` +
        `${MOST_MS_UNDECIDED / 60_000} minutes, and spans wait in memory`,
    )
    isLate.resolve()
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

  const decided = decide().catch((error: unknown) => {
    log.error(`the export thread cannot send spans: ${messageOf(error)}`)
    nowhere = true
    drop('no_destination', undecided.take().length)
    settleInherited(undefined)
  })
  setInterval(() => {
    countQueueDrops()
    limitWarnings.tick()
  }, TICK_MS).unref()

  /** They never came this far, so they are not among those that have to be settled. */
  function countQueueDrops(): void {
    const { full, oversize, fallback, inWorkers } = options.takeQueueDrops()
    if (full > 0) limitWarnings.count('queue_full', full)
    if (oversize > 0) limitWarnings.count('too_large', oversize)
    counters.dropped('queue_full', full)
    counters.dropped('too_large', oversize)
    counters.dropped('fallback_mode', fallback)
    counters.dropped('thread_stopped', inWorkers)
  }

  function accept(lines: readonly string[]): void {
    if (nowhere) return drop('no_destination', lines.length)
    const open = room
    if (!open) return lines.forEach(undecided.wait)
    const spans: WireSpan[] = []
    const texts: string[] = []
    for (const line of lines) {
      const admitted = open.admit(line)
      if (!admitted) continue
      spans.push(admitted.span)
      texts.push(admitted.line)
    }
    if (spans.length > 0) open.delivery.add(spans, texts)
  }

  async function finish(mostMs: number): Promise<void> {
    const deadline = performance.now() + mostMs * (1 - FINISH_MARGIN)
    // Nobody waits at the end of a process for a metadata server that is late already.
    await settledBefore(deadline, Promise.race([decided, isLate.promise]))
    if (!room && !nowhere) undecided.keep()
    room?.end()
    await room?.delivery.finish(deadline)
    countQueueDrops()
    limitWarnings.flush()
    log.debug(summaryOf(counters))
    await room?.close()
  }

  function discard(): void {
    const count = undecided.take().length
    if (count > 0) drop('switched_off', count)
    room?.delivery.discard('switched_off')
    room?.abandon()
  }

  return { accept, finish, discard }
}

function openPromise(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((given) => {
    resolve = given
  })
  return { promise, resolve }
}

function summaryOf({ deliveredTotal, droppedTotals }: SpanCounters): string {
  const dropped = [...droppedTotals]
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => `${reason}: ${count}`)
  return `${deliveredTotal} spans delivered, ${dropped.length > 0 ? `dropped: ${dropped.join(', ')}` : 'none dropped'}`
}
