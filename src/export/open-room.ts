import { stateFolder } from '../config/state-folder.ts'
import { type AdmittedSpan, createAdmission } from './admission.ts'
import { adviceFor } from './delivery/advice.ts'
import { createDelivery } from './delivery/delivery.ts'
import { createFailover } from './delivery/failover.ts'
import { createMarkedExporter } from './delivery/marked-exporter.ts'
import { measuredExporter } from './delivery/measured-exporter.ts'
import { endWhenRefused, publicLog } from './delivery/public-delivery.ts'
import { createTimedExporter } from './delivery/timed-exporter.ts'
import { describeDestination } from './describe-destination.ts'
import type { Destination } from './destination/destination.ts'
import { leavesMachine } from './destination/leaves-machine.ts'
import { showPublicNotice } from './destination/public-notice.ts'
import { createExporters } from './exporters/create-exporters.ts'
import type { JournalLoss } from './journal/adopter.ts'
import type { Journal } from './journal/journal.ts'
import type { LimitWarnings } from './limits/limit-warnings.ts'
import { machineNames } from './machine-names.ts'
import type { DeliveryRecord } from './metrics/delivery-record.ts'
import { journalBytes } from './metrics/journal-bytes.ts'
import type { DropReason } from './metrics/span-counters.ts'
import { openDestinationJournal } from './open-destination-journal.ts'
import type { PipelineOptions } from './pipeline-options.ts'
import { createPrivacyFilter } from './privacy/filter.ts'
import { repairSpan } from './privacy/repair-span.ts'
import { createSafeDelivery, type SafeDelivery } from './safe-delivery.ts'
import { openOutsideView } from './seen-from-outside.ts'
import { baseTuning, sendingSettings } from './sending-settings.ts'
import { openSharedLimits } from './shared-limits.ts'

/** Everything that spans of one destination pass through. */
export interface Room {
  /** Filters and limits one line of the span queue. @returns undefined if it was dropped, and counted */
  admit(line: string): AdmittedSpan | undefined
  readonly delivery: SafeDelivery
  /** What waits for its turn is not to be sent any more. */
  abandon(): void
  /** The process ends: what had to wait longer than the end may take is not sent. */
  end(): void
  /** Sends the last numbers, and is not seen from outside any more. */
  close(): Promise<void>
}

/** What a room is made of. */
export interface RoomOptions extends PipelineOptions {
  readonly destination: Destination
  readonly record: DeliveryRecord
  readonly limitWarnings: LimitWarnings
  /** Counts spans that are not sent, and settles them. */
  readonly drop: (reason: DropReason, count?: number) => undefined
  readonly onLost: (reason: JournalLoss, count: number, own: boolean) => void
  /** Told once what the journal holds of an earlier export thread of this process, if there is one. */
  readonly onJournal: (journal: Journal | undefined) => void
}

const SHORTEST_ADOPT_MS = 1000

/** Composes privacy, limits, journal, delivery and exporters for a destination. */
export function openRoom(options: RoomOptions): Room {
  const { config, environment, destination, record, log } = options
  const { mode } = destination
  log.info(describeDestination(destination))
  let compress = (): boolean => false
  const { exporters, warnings } = createExporters({
    ...options,
    compress: () => compress(),
    breathe: options.takeUnread,
  })
  for (const warning of warnings) log.warn(warning)
  const folder = stateFolder(config.directory, environment)
  const limits = openSharedLimits({ config, destination, folder, onBudget: options.onBudget, log })
  const sendsPublicly = mode === 'public' && leavesMachine(config, destination)
  const consented = !sendsPublicly || showPublicNotice(folder, environment)
  const base = baseTuning(config, limits.batchSize, sendsPublicly)
  const load = options.watchLoad(base)
  compress = () => load.tuning.compress
  const settings = sendingSettings(load, base, options.changedSettings, sendsPublicly)
  const now = (): number => performance.now()
  const measured = measuredExporter(createFailover(exporters, now), record.requested, now)
  const sending = mode === 'public' ? endWhenRefused(measured, keyRefused) : measured
  const journal = consented ? openDestinationJournal(destination, options) : undefined
  const marked = journal ? createMarkedExporter(sending, journal) : sending
  const exporter = limits.gated(createTimedExporter(marked, load.requestEnded))
  // Public mode sends so seldom that nothing would still be open by then.
  if (mode === 'private') void exporter.prepare?.()
  options.onJournal(journal)
  let isFailing = false
  let isRefused = false
  const delivery = createSafeDelivery({
    journal,
    open: (settled) =>
      createDelivery({
        exporter,
        get batchSize() {
          return settings.batchSize
        },
        get intervalMs() {
          return settings.intervalMs
        },
        get timeoutMs() {
          return settings.timeoutMs
        },
        exitTimeoutMs: config.exitTimeoutSeconds * 1000,
        counters: record.spans,
        onSettled: settled,
        repair: (span) => repairSpan(span, Date.now()),
        onCircuit: (state) => {
          isFailing = state.state === 'open'
          record.failing = isFailing
          options.onCircuit(state)
        },
        log: mode === 'public' ? publicLog(log) : log,
        advice: (failure) => adviceFor(failure, { destination, config, environment }),
      }),
    get batchSize() {
      return settings.batchSize
    },
    adoptEveryMs: Math.max(SHORTEST_ADOPT_MS, load.tuning.intervalMs),
    adoptAtOnce: mode === 'private',
    isFailing: () => isFailing,
    mayBegin: limits.mayBegin,
    counters: record.spans,
    onSettled: options.onSettled,
    onJournaled: options.onJournaled,
    log,
  })
  const outside = openOutsideView({
    ...options,
    stateFolder: folder,
    load,
    exporterName: () => exporter.name,
    sources: {
      record,
      queueSize: () => options.unread() + delivery.waiting,
      journalBytes: () => journalBytes(folder),
    },
  })
  const filter = createPrivacyFilter({ mode, config, names: machineNames() })
  const admit = createAdmission({ ...options, filter, consented, limiter: limits.limiter, load })

  function keyRefused(): void {
    log.debug(
      'the key of this build was refused: public mode is over for this process; a newer build has a newer key',
    )
    isRefused = true
    delivery.discard('key_refused')
  }

  return {
    admit: (line) => (isRefused ? options.drop('key_refused') : admit(line)),
    delivery,
    abandon: limits.abandon,
    end: limits.end,
    close: () => outside.close(),
  }
}
