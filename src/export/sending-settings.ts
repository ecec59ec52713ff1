import type { Config } from '../config/config.ts'
import type { LoadControl } from './load/load-control.ts'
import type { Tuning } from './load/reactions.ts'
import type { PipelineOptions } from './pipeline-options.ts'

/** Public mode spares the quota that everybody shares. */
const PUBLIC_INTERVAL_MS = 15 * 60_000

/** How spans are gathered and sent; may change, and is read for each request. */
export interface SendingSettings {
  readonly batchSize: number
  readonly intervalMs: number
  readonly timeoutMs: number
}

/** What holds without any load and without what the application's code changes. */
export function baseTuning(config: Config, batchSize: number, sendsPublicly: boolean): Tuning {
  return {
    rateBound: undefined,
    batchSize,
    intervalMs: sendsPublicly ? PUBLIC_INTERVAL_MS : config.flushIntervalSeconds * 1000,
    timeoutMs: config.exportTimeoutSeconds * 1000,
    queueSize: config.queueSize,
    compress: false,
  }
}

/**
 * What load demands holds first, then what the application's code has changed, then the configuration.
 *
 * @param changed asked each time
 * @param sendsPublicly then code cannot change how often
 */
export function sendingSettings(
  load: Pick<LoadControl, 'tuning'>,
  base: Tuning,
  changed: PipelineOptions['changedSettings'],
  sendsPublicly: boolean,
): SendingSettings {
  return {
    get batchSize() {
      return inForce(load.tuning.batchSize, base.batchSize, changed().batchSize)
    },
    get intervalMs() {
      return inForce(load.tuning.intervalMs, base.intervalMs, sendsPublicly ? 0 : changed().intervalMs)
    },
    get timeoutMs() {
      return inForce(load.tuning.timeoutMs, base.timeoutMs, changed().timeoutMs)
    },
  }
}

function inForce(tuned: number, base: number, changed: number): number {
  return tuned === base && changed !== 0 ? changed : tuned
}
