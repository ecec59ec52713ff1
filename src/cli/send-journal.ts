import tls from 'node:tls'
import type { Config } from '../config/config.ts'
import type { Environment } from '../config/load-config.ts'
import { readProcessFacts } from '../config/process-facts.ts'
import { stateFolder } from '../config/state-folder.ts'
import { createDelivery } from '../export/delivery/delivery.ts'
import { createFailover } from '../export/delivery/failover.ts'
import { createMarkedExporter } from '../export/delivery/marked-exporter.ts'
import type { Destination } from '../export/destination/destination.ts'
import { proxyEnvironment } from '../export/destination/proxy-environment.ts'
import { createExporters } from '../export/exporters/create-exporters.ts'
import { thisOwner } from '../export/journal/segment-owner.ts'
import { createSpanCounters } from '../export/metrics/span-counters.ts'
import { openDestinationJournal } from '../export/open-destination-journal.ts'
import { redactingLog } from '../export/privacy/redacting-log.ts'
import { repairSpan } from '../export/privacy/repair-span.ts'
import { openSharedLimits } from '../export/shared-limits.ts'
import type { Logger } from '../shared/log.ts'

/** What became of the spans of the journal. */
export interface SentJournal {
  readonly delivered: number
  readonly dropped: number
  /** What could not be delivered now, and stays. */
  readonly left: number
}

/** Longer pauses that a service asks for are not waited for. */
const LONGEST_PAUSE_MS = 30_000

/**
 * Delivers what dead processes have left for a destination, all of it, one batch after the other.
 *
 * @param destination of private mode
 * @param environment the environment of this process itself, which the libraries read proxy variables from
 * @param note told what goes wrong, a line each
 * @returns undefined if this destination has no journal
 */
export async function sendJournal(
  config: Config,
  destination: Extract<Destination, { mode: 'private' }>,
  environment: Environment,
  note: (line: string) => void,
): Promise<SentJournal | undefined> {
  tls.DEFAULT_MIN_VERSION = 'TLSv1.3'
  Object.assign(environment, proxyEnvironment(environment))
  const log: Logger = redactingLog({ error: note, warn: note, info: () => {}, debug: () => {} })
  const facts = readProcessFacts(undefined)
  let dropped = 0
  const journal = openDestinationJournal(destination, {
    config,
    facts,
    environment,
    log,
    owner: thisOwner('00000000', 0),
    onLost: (_, count) => {
      dropped += count
    },
  })
  if (!journal) return undefined

  const folder = stateFolder(config.directory, environment)
  const limits = openSharedLimits({ config, destination, folder, onBudget: () => {}, log })
  const { exporters, warnings } = createExporters({
    config,
    destination,
    environment,
    facts,
    compress: () => false,
  })
  for (const warning of warnings) log.warn(warning)
  const counters = createSpanCounters()
  const failover = createFailover(exporters, () => performance.now())
  let failing = false
  const delivery = createDelivery({
    exporter: limits.gated(createMarkedExporter(failover, journal)),
    batchSize: limits.batchSize,
    intervalMs: config.flushIntervalSeconds * 1000,
    timeoutMs: config.exportTimeoutSeconds * 1000,
    exitTimeoutMs: LONGEST_PAUSE_MS,
    counters,
    onSettled: (spans, outcome) => {
      if (outcome !== 'delivered') dropped += spans.length
      journal.settle(spans)
    },
    repair: (span) => repairSpan(span, Date.now()),
    onCircuit: ({ state }) => {
      failing = state === 'open'
    },
    log,
    advice: () => '',
  })

  while (!failing && delivery.waiting === 0) {
    const spans = journal.takeAdopted(limits.batchSize)
    if (spans.length === 0) break
    for (const span of spans) delivery.add(span)
    await delivery.drain()
  }
  journal.close()
  return { delivered: counters.deliveredTotal, dropped, left: delivery.waiting }
}
