import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import type { Logger } from '../shared/log.ts'
import { createGatedExporter } from './delivery/gated-exporter.ts'
import type { Destination } from './destination/destination.ts'
import { leavesMachine } from './destination/leaves-machine.ts'
import { makePrivateFolder } from './destination/private-folder.ts'
import type { Exporter } from './exporters/exporter.ts'
import { createMachinePace } from './limits/machine-pace.ts'
import { openLimits } from './limits/open-limits.ts'
import { createRateLimiter, RATES, type RateLimiter, UNLIMITED } from './limits/rate-limiter.ts'

/** The limits of a destination, as the pipeline needs them. */
export interface SharedLimits {
  readonly limiter: RateLimiter
  /** Makes requests wait for their turn. */
  gated(exporter: Exporter): Exporter
  /** Most spans of one request. */
  readonly batchSize: number
  /** Whether the pace of public mode allows a request now. */
  mayBegin(): boolean
  /** The process ends: what had to wait longer than the end may take is not sent, and what is under way may end. */
  end(): void
  /** What waits for its turn is not to be sent any more. */
  abandon(): void
}

/** What decides them. */
export interface SharedLimitsOptions {
  readonly config: Config
  readonly destination: Destination
  /** The state folder. */
  readonly folder: string
  /** Told how many spans a minute this process does best to make. */
  readonly onBudget: (spansPerMinute: number) => void
  readonly log: Logger
}

/**
 * Opens the limits of a destination. They hold for all processes of the user on this machine where spans are sent to a
 * project, for this process where they stay on the machine, and not at all for the bounded files of local mode.
 */
export function openSharedLimits(options: SharedLimitsOptions): SharedLimits {
  const { config, destination, log, onBudget } = options
  const none = {
    gated: (exporter: Exporter) => exporter,
    batchSize: config.batchSize,
    mayBegin: () => true,
    end: () => {},
    abandon: () => {},
  }
  if (destination.mode === 'local') return { limiter: UNLIMITED, ...none }
  const rates = RATES[destination.mode]
  if (!leavesMachine(config, destination)) {
    return { limiter: createRateLimiter(rates, () => performance.now()), ...none }
  }
  const folder = sharedFolder(options)
  const pace = destination.mode === 'public' ? createMachinePace(folder, Date.now) : undefined
  const { limiter, gate } = openLimits({
    mode: destination.mode,
    folder,
    pace,
    onBudget,
    onWait: (milliseconds) =>
      log.debug(`a request waits ${Math.round(milliseconds)} ms for its turn: limits of this machine`),
  })
  return {
    limiter,
    gated: (exporter) => createGatedExporter(exporter, gate),
    // Two requests a minute fit at least, whatever the size.
    batchSize: Math.min(config.batchSize, rates.spansPerMinute / 2),
    mayBegin: () => pace === undefined || pace.waitMs() === 0,
    // Nobody waits for the sake of the community's project.
    end: () => gate.end(destination.mode === 'public' ? 0 : config.exitTimeoutSeconds * 1000),
    abandon: () => gate.abandon(),
  }
}

function sharedFolder({ destination, folder, log }: SharedLimitsOptions): string | undefined {
  const project = destination.mode === 'local' ? undefined : destination.projectId
  const limits = join(folder, 'limits', `${destination.mode}-${project ?? 'endpoint'}`)
  const problem =
    makePrivateFolder(folder) ?? makePrivateFolder(join(folder, 'limits')) ?? makePrivateFolder(limits)
  if (problem === undefined) return limits
  log.debug(`limits are not shared with other processes: ${problem}`)
  return undefined
}
