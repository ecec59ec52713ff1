import { createRequire } from 'node:module'
import type { Logger } from '../shared/log.ts'

/**
 * Says at the end of the process that there was nothing to trace, and what may be the reason. It costs a listener, so it
 * is for those who asked for such lines.
 *
 * @param isSeen whether any module was loaded that may hold a target
 * @param log takes the line
 */
export function reportNothingSeen(isSeen: () => boolean, log: Logger): void {
  process.once('exit', () => {
    const { isMainThread } = createRequire(import.meta.url)(
      'node:worker_threads',
    ) as typeof import('node:worker_threads')
    if (isSeen() || !isMainThread) return
    log.info(
      'no module was loaded that exports ZenOrchestrator, nor one that ZEN_TELEMETRY_METHODS names: nothing was traced. ' +
        'If the application is bundled, leave zen out of the bundle (external).',
    )
  })
}
