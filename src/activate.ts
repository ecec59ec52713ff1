/** Composes config, tracing, patch and transport once a target has been loaded. */
import { channel } from 'node:diagnostics_channel'
import { createSampler } from './activation/create-sampler.ts'
import { createTargetPatcher } from './activation/patch-targets.ts'
import { createSpanDelivery } from './activation/span-delivery.ts'
import type { Config } from './config/config.ts'
import { decideConsent, explainConsent, isOff } from './config/consent.ts'
import { loadConfig } from './config/load-config.ts'
import { stateFolder } from './config/state-folder.ts'
import type { LinkedSpan, Settings } from './index.ts'
import { resultCostAttributes } from './interface/cost-links.ts'
import { createProgramming } from './interface/create-programming.ts'
import type { Programming } from './interface/programming.ts'
import { readSettings } from './interface/read-settings.ts'
import { createTracedCall } from './patch/traced-call.ts'
import type { HandedOver } from './patch/traced-functions.ts'
import { createRewriter, type Rewrite } from './rewrite/create-rewriter.ts'
import { messageOf } from './shared/errors.ts'
import { createLogger } from './shared/log.ts'
import { workingFolder } from './shared/working-folder.ts'
import type { Targets } from './targets/all-targets.ts'
import type { Target } from './targets/target.ts'
import { createCountedSampler } from './tracing/counted-sampler.ts'
import { createErrorQuota, ERROR_QUOTA_WORDS } from './tracing/error-quota.ts'
import { readTraceParent } from './tracing/remote-parent.ts'
import { createTracer } from './tracing/tracer.ts'
import { controlOf, discardWaiting, spansWritten, Word, wordsOf } from './transport/control-block.ts'
import { watchAlerts } from './transport/delivery-alert.ts'
import { hasUndelivered } from './transport/finish-handshake.ts'
import { loadMode } from './transport/mode-word.ts'
import { openedInWorker } from './transport/open-in-workers.ts'
import type { ProcessQueue } from './transport/process-queue.ts'
import { storeSettings } from './transport/runtime-settings.ts'
import { readTrace } from './transport/trace-reader.ts'
import type { Mode } from './transport/wire.ts'

export { openProcessQueue } from './transport/process-queue.ts'

declare const __ZEN_PUBLIC_MODE__: boolean
/** Documented in README: applications subscribe to it. */
const ALERT_CHANNEL = 'zen-telemetry:delivery'

export type { HandedOver }

/** Patches targets and makes their spans. */
export interface Tracing {
  /** Makes a target's source hand over the functions that cannot be reached from outside. */
  readonly rewrite: Rewrite
  /** The traced function for one that such a source hands over. */
  traced(...handed: HandedOver): HandedOver[3]
  /** Patches the target's class where a module exports it; its location is a path or a file URL. */
  patch(exports: unknown, location: string): void
  /** Other threads have written spans to the queue that this thread owns: sees to their delivery. */
  serveWorkers(): void
  /** The same where the process ends. */
  finishWorkers(): void
  /** What `index.ts` speaks to; undefined where telemetry is off. */
  readonly programming: Programming | undefined
  /** Whether anything was there to be traced: a module that may hold a target, or what code named. */
  readonly offered: () => boolean
  /** The targets of which something was patched in this thread. */
  readonly matched: ReadonlySet<Target>
  /** Counts and logs a failure of our own. Throws nothing. */
  contained(error: unknown): void
}

/**
 * Reads the environment and prepares everything up to the export thread, which starts with the first finished span.
 *
 * @param targets what to patch
 * @param queue where the spans of this process go
 */
export function createTracing(targets: Targets, queue: ProcessQueue): Tracing {
  const { config, warnings } = loadConfig(process.env)
  const log = createLogger(config.logLevel)
  const control = controlOf(queue.memory)
  if (Atomics.exchange(control, Word.warned, 1) === 0) {
    for (const warning of [...warnings, ...targets.warnings]) log.warn(warning)
  }

  const contained = (error: unknown): void => log.debug(`contained: ${messageOf(error)}`)
  const consent = decideConsent({
    environment: process.env,
    script: process.argv[1],
    cwd: workingFolder(),
    folder: stateFolder(config.directory, process.env),
  })
  if (!consent.on) {
    log[consent.rule.kind === 'user-unreadable' ? 'warn' : 'debug'](`off: ${explainConsent(consent)}`)
    return {
      rewrite: (source) => source,
      traced: (_location, _holder, _key, original) => original,
      patch: () => {},
      serveWorkers: () => {},
      finishWorkers: () => {},
      programming: undefined,
      // What is off misses nothing.
      offered: () => true,
      matched: new Set(),
      contained,
    }
  }

  const presumed = presumedMode(config)
  const mode = (): Mode | undefined => loadMode(control) ?? presumed
  const sharesContext = (): boolean => mode() === 'private' || mode() === 'local'
  const { keepErrors } = config
  const keepsErrors = keepErrors === undefined ? () => mode() === 'private' : () => keepErrors
  const { owned } = queue

  const alerts = channel(ALERT_CHANNEL)
  watchAlerts(control, (alert) => alerts.publish(alert))

  /** Off at run time: what waits is discarded as well. */
  function isEnabled(): boolean {
    if (Atomics.load(control, Word.givenUp) === 1) return false
    if (Atomics.load(control, Word.off) === 0 && !isOff(process.env)) return true
    if (hasUndelivered(control)) discardWaiting(control)
    return false
  }

  const sampler = createSampler(config, control)
  const counted = config.logLevel === 'debug' ? createCountedSampler(sampler) : undefined
  let told = false
  // A thread in which nothing was sampled has nothing else to do at its end.
  if (counted) process.once('exit', tellOfSampling)

  /** Once for each thread, however it ends; `zen-telemetry doctor` reads it. */
  function tellOfSampling(): void {
    if (counted === undefined || told) return
    told = true
    log.debug(`process ${process.pid}: ${counted.calls} root calls, ${counted.sampled} sampled`)
  }

  function endOpen(uncaught?: { readonly thrown: unknown }): void {
    tellOfSampling()
    tracer.endOpen(uncaught)
  }

  const delivery = createSpanDelivery({ config, queue, isEnabled, endOpen, log, contained })
  const tracer = createTracer({
    sampler: counted ?? sampler,
    isEnabled,
    onUnsampledError: () => Atomics.add(control, Word.unsampledErrors, 1),
    keepsErrors,
    errorQuota: createErrorQuota(wordsOf(control, Word.errorQuota, ERROR_QUOTA_WORDS)),
    sharesContext,
    inherited: readTraceParent(config.traceParent, config.traceState),
    onFirstSpan: delivery.watchEnd,
    ...(owned ? {} : { onStart: () => openedInWorker(control) }),
    onEnd: delivery.add,
  })
  const tracedCall = createTracedCall(tracer, contained, (span, result) => {
    if (mode() === 'private') span.setAttributes(resultCostAttributes(result))
  })
  const patcher = createTargetPatcher(targets.all, tracedCall, log)

  function changeSettings(given: Settings): void {
    const { settings, problems } = readSettings(given)
    for (const problem of problems) log.warn(problem)
    storeSettings(control, settings)
    isEnabled()
  }

  async function findTrace(traceId: string): Promise<readonly LinkedSpan[]> {
    try {
      return await readTrace<readonly LinkedSpan[]>({ config, traceId })
    } catch (error) {
      log.debug(`the spans of trace ${traceId} cannot be read: ${messageOf(error)}`)
      return []
    }
  }

  let namedByCode = false
  const programming = createProgramming({
    tracer,
    tracedCall,
    sharesContext,
    readTrace: findTrace,
    changeSettings,
    onOffer: () => {
      namedByCode = true
    },
    log,
    contained,
  })
  return {
    rewrite: createRewriter(targets, log),
    traced: patcher.traced,
    patch: patcher.patch,
    serveWorkers: delivery.serveWorkers,
    finishWorkers: delivery.finishWorkers,
    programming,
    // Spans there are without it as well, of worker threads.
    offered: () => patcher.found || namedByCode || spansWritten(control) > 0,
    matched: patcher.matched,
    contained,
  }
}

/**
 * What holds until the export thread has decided: without a community key in the build, whatever is decided shares its
 * context with the application.
 */
function presumedMode(config: Config): Mode | undefined {
  const named = config.zenProject ?? config.googleCloudProject ?? config.gcpProject
  return named !== undefined || !__ZEN_PUBLIC_MODE__ ? 'private' : undefined
}
