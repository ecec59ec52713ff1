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

/** The target every build of the agent knows. */
export const zenTarget: Target & { readonly methods: readonly TargetMethod[] } = {
  matches: (path) =>
    IN_PACKAGE.test(path) || OWN_FILE.test(path) || PACKAGE_NAME.test(packageNameOf(path, ALIAS_HINT) ?? ''),
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
