import type { Config } from '../config/config.ts'
import { messageOf } from '../shared/errors.ts'
import type { Logger } from '../shared/log.ts'
import { VERSION } from '../shared/version.ts'
import type { ProcessFacts } from '../transport/wire.ts'
import type { Destination } from './destination/destination.ts'
import { makePrivateFolder } from './destination/private-folder.ts'
import type { LoadControl } from './load/load-control.ts'
import type { MetricSources } from './metrics/agent-instruments.ts'
import { pidNamespace, type ProcessStatus } from './metrics/process-status.ts'
import { keepStatusFile } from './metrics/status-file.ts'

const MILLISECONDS = 1000

/** What is shown of this process. */
export interface OutsideOptions {
  readonly config: Config
  readonly facts: ProcessFacts
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly destination: Destination
  /** Absolute. */
  readonly stateFolder: string
  readonly sources: MetricSources
  /** What log lines call the exporter in use. */
  readonly exporterName: () => string
  /** Highest sampling rate in force, 0 to 1. */
  readonly rateBound: () => number
  /** Root calls that failed and were not sampled. */
  readonly unsampledErrors: () => number
  readonly load: Pick<LoadControl, 'inForce' | 'records'>
  readonly log: Logger
}

/** What this process shows of itself. */
export interface OutsideView {
  /** The process ends: sends the last numbers and removes the status file. Never rejects. */
  close(): Promise<void>
}

/** Shows how deliveries are going: in a status file always, as metrics where `ZEN_TELEMETRY_METRICS` asks for them. */
export function openOutsideView(options: OutsideOptions): OutsideView {
  const { config, log } = options
  const startedAt = new Date(Date.now() - process.uptime() * MILLISECONDS)
  const file = keepStatusFile({
    stateFolder: options.stateFolder,
    startedAt,
    read: () => statusOf(options, startedAt),
    makeFolder: makePrivateFolder,
    debug: (line) => log.debug(line),
  })
  // Loaded only where they are asked for.
  const metrics =
    config.metrics === 'none'
      ? undefined
      : import('./agent-metrics.ts')
          .then(({ openAgentMetrics }) => openAgentMetrics(options))
          .catch((thrown: unknown) => {
            log.warn(`the agent's own metrics are not available: ${messageOf(thrown)}`)
          })

  return {
    async close() {
      file.close()
      await (await metrics)?.flush()
    },
  }
}

function statusOf(options: OutsideOptions, startedAt: Date): ProcessStatus {
  const { config, facts, destination, sources } = options
  const { record } = sources
  const { lastError, samplingRate } = record
  const namespace = pidNamespace()
  return {
    version: 1,
    pid: process.pid,
    ...(namespace === undefined ? {} : { pidNamespace: namespace }),
    startedAt: startedAt.toISOString(),
    updatedAt: new Date().toISOString(),
    agentVersion: VERSION,
    nodeVersion: facts.nodeVersion,
    serviceName: config.serviceName,
    mode: destination.mode,
    ...('projectId' in destination && destination.projectId !== undefined
      ? { projectId: destination.projectId }
      : {}),
    exporter: options.exporterName(),
    ...(samplingRate === undefined ? {} : { samplingRate }),
    rateBound: options.rateBound(),
    queueSize: sources.queueSize(),
    journalBytes: sources.journalBytes(),
    breaker: record.failing ? 'open' : 'closed',
    delivered: record.spans.deliveredTotal,
    unsampledErrors: options.unsampledErrors(),
    dropped: nonZero(record.spans.droppedTotals),
    errors: nonZero(record.errors),
    load: { inForce: options.load.inForce(), records: options.load.records() },
    ...(lastError ? { lastError: { ...lastError, at: lastError.at.toISOString() } } : {}),
  }
}

function nonZero(totals: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...totals].filter(([, total]) => total > 0))
}
