/** Names of the spans that the built-in target makes. */
export const BUILTIN_SPAN_NAMES: ReadonlySet<string> = new Set([
  'zen.orchestrator.run',
  'zen.orchestrator.process_command',
])

/** Values of `operation` that the built-in target sets. */
export const BUILTIN_OPERATIONS: ReadonlySet<string> = new Set(['main_loop', 'process_command'])

/** Names of the attributes that the agent itself sets. */
export const OWN_ATTRIBUTES: ReadonlySet<string> = new Set(['operation', 'zen.version', 'zen.incomplete'])
