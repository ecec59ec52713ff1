/** The composition root of the application thread; its body reads in the order data flows. */
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type * as Activation from './activate.ts'
import { hookCommonJs } from './hooks/commonjs-hook.ts'
import { needsLoaderThread, startLoaderThread } from './hooks/loader-thread.ts'
import { inLoaderThread } from './hooks/in-loader-thread.ts'
import { hookModules } from './hooks/module-hook.ts'
import { hookModuleRunner, isModuleRunner } from './hooks/module-runner.ts'
import { reportNothingSeen } from './hooks/nothing-seen.ts'
import { AGENT_KEY } from './hooks/self-report.ts'
import { createLogger } from './shared/log.ts'
import { nodeFeatures } from './shared/node-features.ts'
import { workingFolder } from './shared/working-folder.ts'
import { allTargets, type Targets, type TargetsInput } from './targets/all-targets.ts'

/**
 * Starts the agent in this thread: from now on a target module is patched as soon as it has loaded. Until then there is
 * no SDK, no thread, no timer and no listener.
 */
export function start(): void {
  if (inLoaderThread()) return
  const input = targetsInput()
  const targets = allTargets(input)
  let tracing: Activation.Tracing | undefined

  function moduleLoaded(exports: unknown, location: string): void {
    try {
      if (isModuleRunner(location)) return hookModuleRunner(exports, isTarget, moduleLoaded)
      tracing ??= activate(targets)
      tracing.patch(exports, location.startsWith('file:') ? fileURLToPath(location) : location)
    } catch (error) {
      tracing?.contained(error)
    }
  }

  function isTarget(location: string): boolean {
    return targets.matches(location) || isModuleRunner(location)
  }

  Object.defineProperty(globalThis, Symbol.for(AGENT_KEY), {
    value: Object.freeze({ moduleLoaded }),
    configurable: true,
  })

  hookCommonJs(isTarget, moduleLoaded)
  if (nodeFeatures(process.versions.node).synchronousHooks) hookModules(isTarget)
  else if (
    needsLoaderThread({ script: process.argv[1], execArgv: process.execArgv, cwd: input.cwd }, targets.places)
  ) {
    startLoaderThread(input)
  }

  const level = process.env['ZEN_TELEMETRY_LOG_LEVEL']?.trim().toLowerCase()
  if (level === 'info' || level === 'debug') {
    reportNothingSeen(() => tracing !== undefined, createLogger(level))
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
function activate(targets: Targets): Activation.Tracing {
  const { createTracing } = createRequire(import.meta.url)('./activate.cjs') as typeof Activation
  return createTracing(targets)
}
