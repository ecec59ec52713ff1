/**
 * Removed from the copy of the environment: the first would load this agent again, the second weakens TLS, the rest make
 * libraries write to the application's stderr.
 */
const NOT_INHERITED = [
  'NODE_OPTIONS',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'NODE_DEBUG',
  'DEBUG',
  'DEBUG_AUTH',
  'GOOGLE_SDK_NODE_LOGGING',
  'GRPC_TRACE',
  'GRPC_VERBOSITY',
]

/**
 * The environment of a thread of the agent's own: a copy, without what would harm there.
 *
 * @param environment default: the application's
 */
export function workerEnvironment(environment: Readonly<NodeJS.ProcessEnv> = process.env): NodeJS.ProcessEnv {
  const copy = { ...environment }
  for (const name of NOT_INHERITED) delete copy[name]
  return copy
}
