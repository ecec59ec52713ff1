import { packageNameOf } from './package-name.ts'
import type { Target, TargetMethod } from './target.ts'

const COMMAND = { spanName: 'zen.orchestrator.process_command', attributes: { operation: 'process_command' } }

/**
 * Files of the package `zen` or of the scope `@zen/`, this package excepted, by folder or by name, and application files
 * named after the class. Works on paths and on file URLs, with either kind of slash, with or without a query,
 * an escaped one as tsx makes them included.
 */
const IN_PACKAGE =
  /[\\/]node_modules[\\/](?:zen|@zen[\\/](?!telemetry[\\/])[^\\/]+)(?=[\\/])(?!.*[\\/]node_modules[\\/])/
const OWN_FILE =
  /^(?!.*[\\/]node_modules[\\/]).*[\\/](?:zen-orchestrator|zen_orchestrator|ZenOrchestrator)\.[cm]?[jt]sx?(?:(?:[?#]|%3F).*)?$/
const PACKAGE_NAME = /^(?:zen|@zen\/(?!telemetry$).+)$/
const ALIAS_HINT = 'zen'

/**
 * Asked for each file that a process loads. Searching for a word is cheap; most programs never come to compile the
 * patterns, nor the others to try them on each path.
 */
function matches(location: string): boolean {
  if (location.includes('zen') && location.includes('node_modules') && IN_PACKAGE.test(location)) return true
  if (location.includes('rchestrator') && OWN_FILE.test(location)) return true
  const name = packageNameOf(location, ALIAS_HINT)
  return name !== undefined && PACKAGE_NAME.test(name)
}

/** The target every build of the agent knows. */
export const zenTarget: Target & { readonly methods: readonly TargetMethod[] } = {
  matches,
  exportName: 'ZenOrchestrator',
  origin: 'builtin',
  methods: [
    {
      method: 'run',
      spanName: 'zen.orchestrator.run',
      attributes: { operation: 'main_loop' },
      linksCost: true,
    },
    { method: 'processCommand', ...COMMAND },
    { method: 'process_command', ...COMMAND },
  ],
}
