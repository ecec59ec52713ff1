/**
 * The composition root of the application thread; its body reads in the order data flows. Every process under the agent
 * runs it, so it holds what such a process needs: V8 takes a millisecond to look over 15 KB of source. The other parts
 * are files of their own, read where they are needed.
 */
import type * as Activation from './activate.ts'
import { awaitEsModules, type Channels } from './hooks/await-es-modules.ts'
import { hookCommonJs, type LoadableModule } from './hooks/commonjs-hook.ts'
import { isModuleRunner } from './hooks/is-module-runner.ts'
import type * as ModuleHook from './hooks/module-hook.ts'
import type * as ModuleRunner from './hooks/module-runner.ts'
import type * as NothingSeen from './hooks/nothing-seen.ts'
import type * as OlderNode from './hooks/older-node.ts'
import { hookWorkerThreads, type RequiringModule } from './hooks/worker-threads-hook.ts'
import { AGENT_KEY } from './shared/agent-key.ts'
import { nodeFeatures } from './shared/node-features.ts'
import { workingFolder } from './shared/working-folder.ts'
import type * as AllTargets from './targets/all-targets.ts'
import { targetsOf } from './targets/targets-of.ts'
import type { ProcessQueue } from './transport/process-queue.ts'
import type * as ShareQueue from './transport/share-queue.ts'

/** Node's module, as far as the agent builds on it; `node:module` itself takes 0.1 to 0.4 ms to load. */
interface ModuleClass {
  readonly prototype: LoadableModule & RequiringModule
  readonly registerHooks: ModuleHook.RegisterHooks
}

/**
 * Starts the agent in this thread: from now on a target module is patched as soon as it has loaded. Until then there is
 * no SDK, no thread, no timer and no listener.
 *
 * @param starter the module that starts it, `register.cjs`
 * @param read gives what a file of the same folder exports
 */
export function start(starter: NodeJS.Module, read: (file: string) => unknown): void {
  const part = <T>(file: string): T => read(file) as T
  const input = targetsInput()
  const level = process.env['ZEN_TELEMETRY_LOG_LEVEL']?.trim().toLowerCase()
  const targets = targetsOf(input, () => part<typeof AllTargets>('all-targets.cjs'))
  const spans = process.env['ZEN_TELEMETRY_QUEUE_SIZE']
  let queue: ProcessQueue | undefined
  let shared = false
  let tracing: Activation.Tracing | undefined

  function activated(): Activation.Tracing {
    if (tracing) return tracing
    const { createTracing, openProcessQueue } = part<typeof Activation>('activate.cjs')
    queue ??= openProcessQueue(spans)
    return (tracing = createTracing(targets, queue))
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
      if (!isModuleRunner(location)) return activated().patch(exports, location)
      part<typeof ModuleRunner>('module-runner.cjs').hookModuleRunner(exports, isTarget, moduleLoaded)
    })
  }

  function rewrite(source: string, format: string | undefined, location: string): string {
    let rewritten = source
    attempt(() => {
      if (targets.matches(location)) rewritten = activated().rewrite(source, format, location)
    })
    return rewritten
  }

  function rewriteRequired(source: string, format: string | undefined, path: string): string {
    let rewritten = rewrite(source, format, path)
    if (!format?.startsWith('module')) return rewritten
    attempt(() => {
      rewritten = part<typeof ModuleHook>('module-hook.cjs').reportRequired(rewritten, format, path)
    })
    return rewritten
  }

  /** Called by rewritten sources. */
  function traced(...handed: Activation.HandedOver): Activation.HandedOver[3] {
    let result = handed[3]
    attempt(() => (result = activated().traced(...handed)))
    return result
  }

  function workersMayStart(): void {
    if (shared) return
    shared = true
    attempt(() => {
      queue = part<typeof ShareQueue>('share-queue.cjs').shareQueue(queue, spans, {
        onCall: () => attempt(() => activated().serveWorkers()),
        onExit: () => attempt(() => activated().finishWorkers()),
      })
    })
  }

  Object.defineProperty(globalThis, Symbol.for(AGENT_KEY), {
    value: Object.freeze({
      moduleLoaded,
      traced,
      get programming() {
        attempt(activated)
        return tracing?.programming
      },
    }),
    configurable: true,
  })

  const { prototype, registerHooks } = starter.constructor as unknown as ModuleClass
  const features = nodeFeatures(process.versions.node)
  hookCommonJs(prototype, isTarget, rewriteRequired, moduleLoaded)
  hookWorkerThreads(prototype, workersMayStart)
  if (!features.synchronousHooks)
    part<typeof OlderNode>('older-node.cjs').hookOlderNode(
      { ...input, logLevel: level },
      targets.places,
      workersMayStart,
    )
  else if (features.announcesImports)
    awaitEsModules(prototype, starter.require('node:diagnostics_channel') as Channels, hookEsModules)
  else hookEsModules(() => {})

  function hookEsModules(onLoaded: (url: string, format: unknown) => void): () => void {
    let undo = (): void => {}
    attempt(() => {
      const { hookModules } = part<typeof ModuleHook>('module-hook.cjs')
      undo = hookModules(registerHooks, isTarget, rewrite, workersMayStart, onLoaded)
    })
    return undo
  }

  if (level === 'info' || level === 'debug') {
    part<typeof NothingSeen>('nothing-seen.cjs').reportNothingSeen(whatWasSeen)
  }

  function whatWasSeen(): NothingSeen.Seen {
    const unmatched = targets.all.filter((target) => tracing?.matched.has(target) !== true)
    return { any: tracing?.offered() === true, unmatched: unmatched.flatMap(({ label }) => label ?? []) }
  }
}

function targetsInput(): AllTargets.TargetsInput {
  const { ZEN_TELEMETRY_METHODS: methods, ZEN_TELEMETRY_METHODS_FILE: methodsFile } = process.env
  return {
    methods: methods?.trim() || undefined,
    methodsFile: methodsFile?.trim() || undefined,
    cwd: workingFolder(),
  }
}
