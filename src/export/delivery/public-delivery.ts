import type { Logger } from '../../shared/log.ts'
import type { Exporter } from '../exporters/exporter.ts'

/**
 * The log of what is sent in public mode: nobody asked for it, and nobody can mend it, so that no failure is a warning.
 *
 * @param log of the process
 */
export function publicLog(log: Logger): Logger {
  return { ...log, error: log.debug, warn: log.debug, info: log.debug }
}

/**
 * Notices that the community key is refused. It was then withdrawn, and a newer build brings a newer one: for this
 * process public mode is over.
 *
 * @param exporter that uses the key
 * @param onRefused called once, before the outcome is passed on
 */
export function endWhenRefused(exporter: Exporter, onRefused: () => void): Exporter {
  let refused = false
  return {
    ...exporter,
    get name() {
      return exporter.name
    },
    async send(spans, timeoutMs) {
      const outcome = await exporter.send(spans, timeoutMs)
      if (!refused && outcome.status === 'failed' && outcome.kind === 'credentials') {
        refused = true
        onRefused()
      }
      return outcome
    },
  }
}
