import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { patchExports, spanTemplate } from '../patch/patch-exports.ts'
import type { TracedCall } from '../patch/traced-call.ts'
import { createTracedFunctions, type HandedOver } from '../patch/traced-functions.ts'
import type { Logger } from '../shared/log.ts'
import { packageOf } from '../shared/package-of.ts'
import { workingFolder } from '../shared/working-folder.ts'
import type { Target } from '../targets/target.ts'

/** Finds targets in what was loaded, and patches them. */
export interface TargetPatcher {
  /** Patches the target's class where a module exports it; its location is a path or a file URL. */
  patch(exports: unknown, location: string): void
  /** The traced function for one that a rewritten source hands over. */
  traced(...handed: HandedOver): HandedOver[3]
  /** The targets of which something was patched in this thread. */
  readonly matched: ReadonlySet<Target>
  /** Whether any module held a target, patched or not. */
  readonly found: boolean
}

/**
 * Makes the patcher of a thread.
 *
 * @param targets all there are
 * @param tracedCall what a patched method does
 * @param log told of what is patched and what cannot be, at `debug`
 */
export function createTargetPatcher(
  targets: readonly Target[],
  tracedCall: TracedCall,
  log: Logger,
): TargetPatcher {
  const matched = new Set<Target>()
  let found = false

  const functions = createTracedFunctions(
    targets,
    (target, method, path) => spanTemplate(target, method, attributesOf(target, path)),
    (target, spanName, path) => {
      matched.add(target)
      found = true
      log.debug(`patched ${spanName} in ${placeOf(path)}`)
    },
    tracedCall,
  )

  function patch(exports: unknown, location: string): void {
    const path = location.startsWith('file:') ? fileURLToPath(location) : location
    for (const target of targets) {
      if (!target.matches(path)) continue
      const result = patchExports(exports, target, () => attributesOf(target, path), tracedCall)
      if (!result) continue
      found = true
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

  return {
    patch,
    traced: functions.trace,
    matched,
    get found() {
      return found
    },
  }
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
