import { Word } from './control-block.ts'

/** What was changed while the application runs; undefined: as the environment has it. */
export interface RuntimeSettings {
  /** 0 to 1, counted in millionths. */
  readonly sampleRate?: number | undefined
  readonly batchSize?: number | undefined
  readonly queueSize?: number | undefined
  readonly flushIntervalSeconds?: number | undefined
  readonly exportTimeoutSeconds?: number | undefined
  readonly enabled?: boolean | undefined
}

const MILLION = 1_000_000
const SECOND_MS = 1000

/**
 * Changes settings for all threads of the process, the export thread included; what is undefined stays as it is.
 *
 * @param control control block of the queue
 */
export function storeSettings(control: Int32Array, settings: RuntimeSettings): void {
  const { sampleRate, batchSize, queueSize, flushIntervalSeconds, exportTimeoutSeconds, enabled } = settings
  if (sampleRate !== undefined)
    Atomics.store(control, Word.setSampleRate, Math.round(sampleRate * MILLION) + 1)
  if (batchSize !== undefined) Atomics.store(control, Word.setBatchSize, batchSize)
  if (queueSize !== undefined) Atomics.store(control, Word.setQueueSize, queueSize)
  if (flushIntervalSeconds !== undefined)
    Atomics.store(control, Word.setFlushInterval, Math.round(flushIntervalSeconds * SECOND_MS))
  if (exportTimeoutSeconds !== undefined)
    Atomics.store(control, Word.setExportTimeout, Math.round(exportTimeoutSeconds * SECOND_MS))
  if (enabled !== undefined) Atomics.store(control, Word.off, enabled ? 0 : 1)
}

/** Whether a sampling rate was set. Asked for each call, and so without `Atomics`: the next call may see it. */
export function hasSampleRate(control: Int32Array): boolean {
  return control[Word.setSampleRate] !== 0
}

/** The sampling rate that was set, 0 to 1. */
export function loadSampleRate(control: Int32Array): number | undefined {
  const word = Atomics.load(control, Word.setSampleRate)
  return word === 0 ? undefined : (word - 1) / MILLION
}

/** What the export thread obeys; 0: as configured. */
export function loadSendingSettings(control: Int32Array): {
  readonly batchSize: number
  readonly intervalMs: number
  readonly timeoutMs: number
} {
  return {
    batchSize: Atomics.load(control, Word.setBatchSize),
    intervalMs: Atomics.load(control, Word.setFlushInterval),
    timeoutMs: Atomics.load(control, Word.setExportTimeout),
  }
}
