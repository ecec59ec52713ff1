/** The composition root of the application thread; its body reads in the order data flows. */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type * as Activation from './activate.ts'
import { hookCommonJs } from './hooks/commonjs-hook.ts'
import { needsLoaderThread, startLoaderThread } from './hooks/loader-thread.ts'
import { inLoaderThread } from './hooks/in-loader-thread.ts'
import { hookModules } from './hooks/module-hook.ts'
import { hookModuleRunner, isModuleRunner } from './hooks/module-runner.ts'
import { reportNothingSeen, type Seen } from './hooks/nothing-seen.ts'
import { AGENT_KEY } from './hooks/self-report.ts'
import { hookWorkerThreads } from './hooks/worker-threads-hook.ts'
import { createLogger } from './shared/log.ts'
import { nodeFeatures } from './shared/node-features.ts'
import { workingFolder } from './shared/working-folder.ts'
import { allTargets, type Targets, type TargetsInput } from './targets/all-targets.ts'
import { openProcessQueue, type ProcessQueue, shareWithWorkers } from './transport/process-queue.ts'
import { serveCalls } from './transport/queue-owner.ts'
import { controlOf } from './transport/span-queue.ts'

/**
 * Starts the agent in this thread: from now on a target module is patched as soon as it has loaded. Until then there is
 * no SDK, no thread, no timer and no listener.
 */
export function start(): void {
  if (inLoaderThread()) return
  const input = targetsInput()
  const targets = allTargets(input)
  let queue: ProcessQueue | undefined
  let tracing: Activation.Tracing | undefined

  function activated(): Activation.Tracing {
    queue ??= openProcessQueue(process.env['ZEN_TELEMETRY_QUEUE_SIZE'])
    return (tracing ??= activate(targets, queue))
  }

  function attempt(act: () => unknown): void {
    try {
      act()
    } catch (error) {
      tracing?.contained(error)
    }
  }

  function isTarget(location: string): boolean {
    return targets.matches(location) || isModuleRunner(location)
  }

  function moduleLoaded(exports: unknown, location: string): void {
    attempt(() => {
      if (isModuleRunner(location)) return hookModuleRunner(exports, isTarget, moduleLoaded)
      activated().patch(exports, location.startsWith('file:') ? fileURLToPath(location) : location)
    })
  }

  /** Whatever thread loads a target first, the spans of all go to one queue and one export thread. */
  function workersMayStart(): void {
    attempt(() => {
      queue ??= openProcessQueue(process.env['ZEN_TELEMETRY_QUEUE_SIZE'])
      if (!queue.owned) return
      shareWithWorkers(queue.memory)
      serveCalls(controlOf(queue.memory), {
        onCall: () => attempt(() => activated().serveWorkers()),
        onExit: () => attempt(() => activated().finishWorkers()),
      })
    })
  }

  Object.defineProperty(globalThis, Symbol.for(AGENT_KEY), {
    value: Object.freeze({
      moduleLoaded,
      get programming() {
        attempt(activated)
        return tracing?.programming
      },
    }),
    configurable: true,
  })

  hookCommonJs(isTarget, moduleLoaded)
  if (nodeFeatures(process.versions.node).synchronousHooks) hookModules(isTarget, workersMayStart)
  else hookOlderNode()

  const level = process.env['ZEN_TELEMETRY_LOG_LEVEL']?.trim().toLowerCase()
  if (level === 'info' || level === 'debug') {
    reportNothingSeen(whatWasSeen, createLogger(level))
  }

  function whatWasSeen(): Seen {
    const unmatched = targets.all.filter((target) => tracing?.matched.has(target) !== true)
    return { any: tracing !== undefined, unmatched: unmatched.flatMap(({ label }) => label ?? []) }
  }

  function hookOlderNode(): void {
    hookWorkerThreads(workersMayStart)
    const entry = { script: process.argv[1], execArgv: process.execArgv, cwd: input.cwd }
    if (!needsLoaderThread(entry, targets.places)) return
    startLoaderThread(input)
    // Node has loaded them for that thread, and an `import` of them cannot be seen here.
    workersMayStart()
  }
}

function targetsInput(): TargetsInput {
  const { ZEN_TELEMETRY_METHODS: methods, ZEN_TELEMETRY_METHODS_FILE: methodsFile } = process.env
  return {
    methods: methods?.trim() || undefined,
    methodsFile: methodsFile?.trim() || undefined,
    cwd: workingFolder(),
  }
}

/** The other half of the bundle is read only where a target is. */
function activate(targets: Targets, queue: ProcessQueue): Activation.Tracing {
  const { createTracing } = createRequire(import.meta.url)('./activate.cjs') as typeof Activation
  return createTracing(targets, queue)
}
