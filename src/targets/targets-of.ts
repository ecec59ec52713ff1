import type * as AllTargets from './all-targets.ts'
import { zenTarget } from './zen-target.ts'

/**
 * The targets of this thread. What reads those of the environment is loaded only where it names any.
 *
 * @param input what names them
 * @param loadAll loads `all-targets.cjs`
 */
export function targetsOf(
  input: AllTargets.TargetsInput,
  loadAll: () => typeof AllTargets,
): AllTargets.Targets {
  if (input.methods !== undefined || input.methodsFile !== undefined) return loadAll().allTargets(input)
  return { all: [zenTarget], warnings: [], places: [], add: () => {}, matches: zenTarget.matches }
}
