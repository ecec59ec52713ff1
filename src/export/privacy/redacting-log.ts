import type { Logger } from '../../shared/log.ts'
import { withoutSecrets } from './without-secrets.ts'

/**
 * Takes secrets out of every line. Lines quote what services, libraries and variables say, and no one of those promises
 * to leave a token, a key or a password out.
 *
 * @param log where the lines go
 */
export function redactingLog(log: Logger): Logger {
  return {
    error: (message) => log.error(withoutSecrets(message)),
    warn: (message) => log.warn(withoutSecrets(message)),
    info: (message) => log.info(withoutSecrets(message)),
    debug: (message) => log.debug(withoutSecrets(message)),
  }
}
