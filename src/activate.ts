/** Composes config, tracing, patch and transport once a target has been loaded. */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { channel } from 'node:diagnostics_channel'
import { type Config } from './config/config.ts'
import { decideConsent, explainConsent, isOff } from './config/consent.ts'
import { loadConfig } from './config/load-config.ts'
import { stateFolder } from './config/state-folder.ts'
import { patchExports, spanTemplate } from './patch/patch-exports.ts'
import { createTracedCall } from './patch/traced-call.ts'
import { createTracedFunctions, type HandedOver } from './patch/traced-functions.ts'
import type { Settings } from './index.ts'
import { resultCostAttributes } from './interface/cost-links.ts'
import type { LinkedSpan } from './index.ts'
import { createProgramming } from './interface/create-programming.ts'
import type { Programming } from './interface/programming.ts'
import { readSettings } from './interface/read-settings.ts'
import { createRewriter, type Rewrite } from './rewrite/create-rewriter.ts'
import { messageOf } from './shared/errors.ts'
import { createLogger } from './shared/log.ts'
import { packageOf } from './shared/package-of.ts'
import { workingFolder } from './shared/working-folder.ts'
import type { Targets } from './targets/all-targets.ts'
import type { Target } from './targets/target.ts'
import { createAdaptiveSampler } from './tracing/adaptive-sampler.ts'
import { createCountedSampler } from './tracing/counted-sampler.ts'
import { createRootSampler, type RootSampler } from './tracing/root-sampler.ts'
import { createSpanHandover } from './tracing/span-handover.ts'
import { readTraceParent } from './tracing/remote-parent.ts'
import { createTracer } from './tracing/tracer.ts'
import { createVitalSigns } from './transport/vital-signs.ts'
import { isLeftOut } from './transport/left-out.ts'
import { loadRateBound } from './transport/rate-bound.ts'
import { watchAlerts } from './transport/delivery-alert.ts'
import { createExportThread } from './transport/export-thread.ts'
import { type ExitWatch, watchExit } from './transport/process-exit.ts'
import { readProcessFacts } from './config/process-facts.ts'
import { hasUndelivered } from './transport/finish-handshake.ts'
import {
  closedInWorker,
  hasOpenInWorkers,
  openedInWorker,
  watchProcessEnd,
} from './transport/open-in-workers.ts'
import type { ProcessQueue } from './transport/process-queue.ts'
import { callOwner } from './transport/queue-owner.ts'
import { controlOf, discardWaiting, spansWritten, Word } from './transport/control-block.ts'
import { loadMode } from './transport/mode-word.ts'
import { openForWriting } from './transport/queue-writer.ts'
import { hasSampleRate, loadSampleRate, storeSettings } from './transport/runtime-settings.ts'
import { readTrace } from './transport/trace-reader.ts'
import { watchThreadEnd } from './transport/thread-end.ts'
import type { Mode } from './transport/wire.ts'

export { openProcessQueue } from './transport/process-queue.ts'

declare const __ZEN_PUBLIC_MODE__: boolean
/** Documented in README: applications subscribe to it. */
const ALERT_CHANNEL = 'zen-telemetry:delivery'
const LOOK_AGAIN_MS = 1
const DEFAULT_TARGET_RATE = 100
const DEFAULT_RATE = 0.1

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
 * @param processQueue where the spans of this process go
 */
export function createTracing(targets: Targets, { memory, owned }: ProcessQueue): Tracing {
  const { config, warnings } = loadConfig(process.env)
  const log = createLogger(config.logLevel)
  const control = controlOf(memory)
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

  const queue = openForWriting(memory, config.queueSize)
  const presumed = presumedMode(config)
  const mode = (): Mode | undefined => loadMode(control) ?? presumed
  const exportThread = createExportThread(
    { queue: memory, config, facts: readProcessFacts(process.argv[1]) },
    log,
  )

  const alerts = channel(ALERT_CHANNEL)
  watchAlerts(control, (alert) => alerts.publish(alert))

  const vitalSigns = createVitalSigns(control)
  const { keepErrors } = config
  const keepsErrors = keepErrors === undefined ? () => mode() === 'private' : () => keepErrors
  const sharesContext = (): boolean => mode() === 'private' || mode() === 'local'
  let exitWatch: ExitWatch | undefined
  let told = false

  /** Off at run time: what waits is discarded as well. */
  function isEnabled(): boolean {
    if (Atomics.load(control, Word.givenUp) === 1) return false
    if (Atomics.load(control, Word.off) === 0 && !isOff(process.env)) return true
    if (hasUndelivered(control)) discardWaiting(control)
    return false
  }

  const handover = createSpanHandover((span) => {
    try {
      // Looked at when it began, which was just now. Each look at the environment takes half a microsecond.
      if (span.duration >= LOOK_AGAIN_MS && !isEnabled()) return
      const wire = span.toWire()
      if (isLeftOut(control, wire)) return
      queue.write(JSON.stringify(wire))
      spanWritten()
      vitalSigns.spanMade()
    } catch (error) {
      contained(error)
    } finally {
      if (!owned) closedInWorker(control)
    }
  }, owned)

  const sampler = createSampler(config, control)
  const counted = config.logLevel === 'debug' ? createCountedSampler(sampler) : undefined
  // A thread in which nothing was sampled has nothing else to do at its end.
  if (counted) process.once('exit', tellOfSampling)
  const tracer = createTracer({
    sampler: counted ?? sampler,
    isEnabled,
    onUnsampledError: () => Atomics.add(control, Word.unsampledErrors, 1),
    keepsErrors,
    sharesContext,
    inherited: readTraceParent(config.traceParent, config.traceState),
    onFirstSpan: () => {
      if (owned) standWatch()
      else {
        watchThreadEnd(endOpen)
        watchProcessEnd(control, endOpen)
      }
    },
    ...(owned ? {} : { onStart: () => openedInWorker(control) }),
    onEnd: (span) => handover.add(span),
  })
  const tracedCall = createTracedCall(tracer, contained, (span, result) => {
    if (mode() === 'private') span.setAttributes(resultCostAttributes(result))
  })

  function changeSettings(given: Settings): void {
    const { settings, problems } = readSettings(given)
    for (const problem of problems) log.warn(problem)
    storeSettings(control, settings)
    isEnabled()
  }

  /** Once for each thread, however it ends; `zen-telemetry doctor` reads it. */
  function tellOfSampling(): void {
    if (counted === undefined || told) return
    told = true
    log.debug(`process ${process.pid}: ${counted.calls} root calls, ${counted.sampled} sampled`)
  }

  function endOpen(uncaught?: { readonly thrown: unknown }): void {
    try {
      tellOfSampling()
      tracer.endOpen(uncaught)
      handover.flush()
    } catch (error) {
      contained(error)
    }
  }

  function standWatch(): ExitWatch {
    const exitTimeoutMs = config.exitTimeoutSeconds * 1000
    return (exitWatch ??= watchExit({ control, exportThread, exitTimeoutMs, endOpen, log, contained }))
  }

  function spanWritten(): void {
    if (!owned) return callOwner(control)
    exportThread.ensureStarted()
    standWatch().spanWritten()
  }

  function serveWorkers(): void {
    if (hasUndelivered(control) && isEnabled()) return spanWritten()
    Atomics.store(control, Word.watched, 0)
  }

  function finishWorkers(): void {
    // A watch that stands already has a listener of its own.
    const waits = hasUndelivered(control) || hasOpenInWorkers(control)
    if (exitWatch === undefined && waits && isEnabled()) standWatch().finish()
  }

  const matched = new Set<Target>()
  let offered = false

  const functions = createTracedFunctions(
    targets.all,
    (target, method, path) => spanTemplate(target, method, attributesOf(target, path)),
    (target, spanName, path) => {
      matched.add(target)
      offered = true
      log.debug(`patched ${spanName} in ${placeOf(path)}`)
    },
    tracedCall,
  )

  function patch(exports: unknown, location: string): void {
    const path = location.startsWith('file:') ? fileURLToPath(location) : location
    for (const target of targets.all) {
      if (!target.matches(path)) continue
      const result = patchExports(exports, target, attributesOf(target, path), tracedCall)
      if (!result) continue
      if (result.prototype) functions.found(target, result.prototype)
      if (result.patched.length > 0) matched.add(target)
      const place = placeOf(path)
      for (const name of result.patched) log.debug(`patched ${name} in ${place}`)
      for (const name of result.left) {
        const what = target.exportName === undefined ? name : `${target.exportName}.${name}`
        log.debug(`${what} in ${place} cannot be changed; its calls are not traced`)
      }
    }
  }

  async function findTrace(traceId: string): Promise<readonly LinkedSpan[]> {
    try {
      return await readTrace<readonly LinkedSpan[]>({ config, traceId })
    } catch (error) {
      log.debug(`the spans of trace ${traceId} cannot be read: ${messageOf(error)}`)
      return []
    }
  }

  const programming = createProgramming({
    tracer,
    tracedCall,
    sharesContext,
    readTrace: findTrace,
    changeSettings,
    onOffer: () => {
      offered = true
    },
    log,
    contained,
  })
  const rewrite = createRewriter(targets, log)
  return {
    rewrite,
    traced: functions.trace,
    patch,
    serveWorkers,
    finishWorkers,
    programming,
    // Spans there are without it as well, of worker threads.
    offered: () => offered || spansWritten(control) > 0,
    matched,
    contained,
  }
}

/**
 * A rate that was set is exactly that, or an upper bound where a target was set as well; without either it adapts. What
 * the export thread asks for bounds all of them.
 */
function createSampler(config: Config, control: Int32Array): RootSampler {
  const configured = createConfiguredSampler(config, control)
  let changed: { readonly to: number; readonly sampler: RootSampler } | undefined

  function current(): RootSampler {
    const to = loadSampleRate(control)
    if (to === undefined) return configured
    if (changed?.to !== to)
      changed = {
        to,
        sampler: createConfiguredSampler({ ...config, sampleRate: to, targetRate: 0 }, control),
      }
    return changed.sampler
  }

  return {
    // The usual way first and alone: V8 compiles no more than so much into a call.
    shouldSample: () => (hasSampleRate(control) ? current().shouldSample() : configured.shouldSample()),
    get rate() {
      return current().rate
    },
  }
}

function createConfiguredSampler({ sampleRate, targetRate }: Config, control: Int32Array): RootSampler {
  const seed = Number(process.hrtime.bigint() & 0x7fffffffn) ^ process.pid
  const bound = (): number => loadRateBound(control)
  const target = targetRate ?? (sampleRate === undefined ? DEFAULT_TARGET_RATE : 0)
  if (target === 0) return createRootSampler({ rate: sampleRate ?? DEFAULT_RATE, seed, bound })
  return createAdaptiveSampler({
    targetPerSecond: target,
    mostRate: sampleRate ?? 1,
    seed,
    bound,
    spansMade: () => spansWritten(control),
    spanBudget: () => Atomics.load(control, Word.spanBudget),
  })
}

/**
 * What holds until the export thread has decided: without a community key in the build, whatever is decided shares its
 * context with the application.
 */
function presumedMode(config: Config): Mode | undefined {
  const named = config.zenProject ?? config.googleCloudProject ?? config.gcpProject
  return named !== undefined || !__ZEN_PUBLIC_MODE__ ? 'private' : undefined
}

/** For a log line: where the application lies tells more of its user than is needed. */
function placeOf(path: string): string {
  const inside = relative(workingFolder(), path)
  return inside.startsWith('..') ? path : inside
}

function attributesOf(target: Target, path: string): Record<string, string> {
  if (target.origin !== 'builtin') return {}
  const owner = packageOf(path)
  return isZenPackage(owner?.name) && owner?.version !== undefined ? { 'zen.version': owner.version } : {}
}

function isZenPackage(name: string | undefined): boolean {
  return name === 'zen' || name?.startsWith('@zen/') === true
}
