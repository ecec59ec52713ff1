import type { Logger } from '../shared/log.ts'
import type { WireSpan } from '../transport/wire.ts'
import type { Delivery, SpanOutcome } from './delivery/delivery.ts'
import type { Journal } from './journal/journal.ts'
import type { SpanCounters } from './metrics/span-counters.ts'
import { settledBefore } from './settled-before.ts'

/** What a delivery with a journal is made of. */
export interface SafeDeliveryOptions {
  /** Undefined where spans are written once: there is nothing that a disk could make safer. */
  readonly journal: Journal | undefined
  /** Makes the delivery, which tells what became of its spans. */
  readonly open: (onSettled: (spans: readonly WireSpan[], outcome: SpanOutcome) => void) => Delivery
  readonly batchSize: number
  /** At most one batch of what other processes have left goes along in such a time, in milliseconds. */
  readonly adoptEveryMs: number
  /** Whether the first of them goes soon, and at the end of a short process; otherwise only where a request may be made. */
  readonly adoptAtOnce: boolean
  /** Whether deliveries fail for good, so that it is of no use to wait for one. */
  readonly isFailing: () => boolean
  /** Whether a request may begin now; where it may not, a process that ends sends nothing of others. */
  readonly mayBegin: () => boolean
  readonly counters: SpanCounters
  /** Told how many spans of this process need nothing more. */
  readonly onSettled: (count: number) => void
  /** Told how many spans of this process are on disk. */
  readonly onJournaled: (count: number) => void
  readonly log: Logger
}

/** Sends spans that are on disk before they are sent, and no longer. */
export interface SafeDelivery {
  /** Takes spans as they arrive. @param lines the same as JSON, where that is known */
  add(spans: readonly WireSpan[], lines?: readonly string[]): void
  /** Sends what it can until then, in milliseconds of `performance.now()`; the rest stays on disk. */
  finish(deadline: number): Promise<void>
  /** Nothing more may be sent: drops what this process has recorded, on disk too. */
  discard(reason: 'switched_off' | 'key_refused'): void
  /** How many spans wait in memory. */
  readonly waiting: number
}

/** More batches than this wait on disk alone, where there is one. */
const MOST_BATCHES_IN_MEMORY = 20
/** What this process records itself comes first. */
const FIRST_ADOPTION_MS = 1000

/** Joins a delivery and the journal. */
export function createSafeDelivery(options: SafeDeliveryOptions): SafeDelivery {
  const { journal, counters, log } = options
  const memoryOnly = new Set<WireSpan>()
  const delivery = options.open(settled)
  let switchedOff = false
  let finishing = false
  let hasAdopted = false
  let firstAdoption: NodeJS.Timeout | undefined

  function add(spans: readonly WireSpan[], lines?: readonly string[]): void {
    switchedOff = false
    journal?.record(spans, lines)
    options.onJournaled(journal?.unsettled ?? 0)
    let room = MOST_BATCHES_IN_MEMORY * options.batchSize - delivery.waiting
    for (const span of spans) {
      const onDisk = journal?.holds(span) === true
      if (onDisk && room-- <= 0) {
        journal.park([span])
        continue
      }
      if (!onDisk) memoryOnly.add(span)
      delivery.add(span)
    }
  }

  function settled(spans: readonly WireSpan[], outcome: SpanOutcome): void {
    const adopted = journal ? spans.filter((span) => journal.isAdopted(span)) : []
    if ((outcome === 'switched_off' || outcome === 'key_refused') && adopted.length > 0) {
      // Another process recorded them, and they wait for the next one.
      journal?.park(adopted)
      counters.dropped(outcome, -adopted.length)
    }
    journal?.settle(spans)
    for (const span of spans) memoryOnly.delete(span)
    options.onSettled(spans.length - adopted.length)
    options.onJournaled(journal?.unsettled ?? 0)
    // Once the delivery is done with what it is in the middle of.
    if (!finishing) queueMicrotask(refill)
  }

  /** What found no room in memory, or was left by an earlier export thread of this process. */
  function refill(): void {
    if (!journal || switchedOff || delivery.waiting >= options.batchSize) return
    for (const span of journal.takeOwn(2 * options.batchSize)) delivery.add(span)
  }

  /** What processes have left that are dead by now. */
  function adopt(): void {
    const room = options.batchSize - delivery.waiting
    if (!journal || switchedOff || room <= 0 || options.isFailing()) return
    hasAdopted = true
    for (const span of journal.takeAdopted(room)) delivery.add(span)
  }

  async function finish(deadline: number): Promise<void> {
    finishing = true
    clearTimeout(firstAdoption)
    if (!options.adoptAtOnce && options.mayBegin()) adopt()
    if (!journal) await delivery.drain()
    else if (!options.isFailing()) await drainBefore(deadline)
    giveUp()
    journal?.close()
    if (delivery.waiting > 0) log.debug(`${delivery.waiting} spans wait in the journal for the next process`)
  }

  /** A process too short to have sent what others left does so now, if that is likely to end in time. */
  async function drainBefore(deadline: number): Promise<void> {
    const began = performance.now()
    const inTime = await settledBefore(deadline, delivery.drain())
    const now = performance.now()
    if (!inTime || hasAdopted || !options.adoptAtOnce || deadline - now < 2 * (now - began)) return
    adopt()
    await settledBefore(deadline, delivery.drain())
  }

  /** What is on disk waits for the next process. What is not, because the disk failed, is lost. */
  function giveUp(): void {
    if (!journal) return delivery.discard('undelivered_at_exit')
    const lost = memoryOnly.size
    if (lost === 0) return
    memoryOnly.clear()
    counters.dropped('undelivered_at_exit', lost)
  }

  function discard(reason: 'switched_off' | 'key_refused'): void {
    switchedOff = true
    delivery.discard(reason)
    const parked = journal?.discardParked() ?? 0
    counters.dropped(reason, parked)
    if (parked > 0) options.onSettled(parked)
    options.onJournaled(journal?.unsettled ?? 0)
  }

  if (journal) {
    setInterval(adopt, options.adoptEveryMs).unref()
    refill()
    if (options.adoptAtOnce) firstAdoption = setTimeout(adopt, FIRST_ADOPTION_MS).unref()
  }

  return {
    add,
    finish,
    discard,
    get waiting() {
      return delivery.waiting
    },
  }
}
