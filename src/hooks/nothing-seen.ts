import { createLogger } from '../shared/log.ts'

/** What there was to trace in this thread, at the end of the process. */
export interface Seen {
  /** Whether any module was loaded that may hold a target. */
  readonly any: boolean
  /** Entries of the user of which nothing was found, as they were written. */
  readonly unmatched: readonly string[]
}

/**
 * Says at the end of the process that there was nothing to trace, and what may be the reason, or which entries of the user
 * matched nothing. It costs a listener, so it is for those who asked for such lines.
 *
 * @param look tells what was seen
 */
export function reportNothingSeen(look: () => Seen): void {
  const log = createLogger('info')
  process.once('exit', () => {
    const { isMainThread } = process.getBuiltinModule('node:worker_threads')
    if (!isMainThread) return
    const { any, unmatched } = look()
    if (!any) {
      log.info(
        'no module was loaded that exports ZenOrchestrator, nor one that ZEN_TELEMETRY_METHODS names: nothing was traced. ' +
          'If the application is bundled, leave zen out of the bundle (external), or call instrument(ZenOrchestrator).',
      )
    }
    for (const entry of unmatched) {
      log.info(
        `ZEN_TELEMETRY_METHODS: ${entry} matched nothing that the main thread has loaded; check the module, the name of ` +
          'the export and the methods.',
      )
    }
  })
}
