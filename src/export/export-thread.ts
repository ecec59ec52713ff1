/** The composition root of the export thread; its body reads in the order data flows. */
import { parentPort, workerData } from 'node:worker_threads'
import { messageOf } from '../shared/errors.ts'
import { createLogger } from '../shared/log.ts'
import { loadRateBound } from '../transport/rate-bound.ts'
import { controlOf, spansWritten, waitingSpans, Word } from '../transport/control-block.ts'
import { storeMode } from '../transport/mode-word.ts'
import { loadTimeLeft } from '../transport/time-left.ts'
import { loadSendingSettings } from '../transport/runtime-settings.ts'
import type { ExportThreadInput } from '../transport/wire.ts'
import { showCircuit } from './fallback-mode.ts'
import { serveIntake } from './intake.ts'
import { watchLoad } from './load-of-process.ts'
import { allowedCore } from './load/allowed-core.ts'
import { thisOwner } from './journal/segment-owner.ts'
import { createPipeline } from './pipeline.ts'
import { redactingLog } from './privacy/redacting-log.ts'

/** A second's spike is no reason to sample less, and a quarter of a minute is one. */
const LOAD_PACE = { lookMs: 1000, momentMs: 5000, whileMs: 15_000 }

const { queue, config, facts, queueId, generation } = workerData as ExportThreadInput
const log = redactingLog(createLogger(config.logLevel))
const control = controlOf(queue)

// What a library throws out of turn must not end delivery. Its warnings are not for the application's stderr.
process.on('uncaughtException', (error) => log.debug(`contained in the export thread: ${messageOf(error)}`))
process.removeAllListeners('warning')
process.on('warning', (warning) => log.debug(`${warning.name}: ${warning.message}`))
// Said at once, so that an application whose event loop is blocked can start the next one.
process.on('exit', () => Atomics.store(control, Word.served, 0))
// Nothing is ever sent to this thread, but listening keeps it alive between spans.
parentPort?.on('message', () => {})

const pipeline = createPipeline({
  config,
  facts,
  environment: process.env,
  log,
  owner: thisOwner(queueId, generation),
  inherited: (Atomics.load(control, Word.taken) - Atomics.load(control, Word.settled)) | 0,
  onSettled: (count) => Atomics.add(control, Word.settled, count),
  takeQueueDrops: () => ({
    full: Atomics.exchange(control, Word.droppedFull, 0),
    oversize: Atomics.exchange(control, Word.droppedOversize, 0),
    fallback: Atomics.exchange(control, Word.droppedFallback, 0),
    inWorkers: Atomics.exchange(control, Word.droppedInWorkers, 0),
  }),
  changedSettings: () => loadSendingSettings(control),
  onDestination: (mode) => storeMode(control, mode),
  onCircuit: (state) => showCircuit(control, state),
  onBudget: (spansPerMinute) => Atomics.store(control, Word.spanBudget, spansPerMinute),
  watchLoad: (base) => watchLoad({ control, base, pace: LOAD_PACE, core: allowedCore(), log }),
  unsampledErrors: () => Atomics.load(control, Word.unsampledErrors),
  onJournaled: (count) => Atomics.store(control, Word.journaled, count),
  takeUnread: () => intake.takeNow(),
  unread: () => waitingSpans(control),
  rateBound: () => loadRateBound(control),
})

const intake = serveIntake({
  queue,
  onLines: (lines) => pipeline.accept(lines),
  onFinish: () => {
    log.debug(`process ${process.pid}: ${spansWritten(control)} spans made`)
    return pipeline.finish(loadTimeLeft(control))
  },
  onDiscard: () => pipeline.discard(),
})
