import { writeSync } from 'node:fs'

/** The levels of `ZEN_TELEMETRY_LOG_LEVEL`, least to most talkative. */
export const LOG_LEVELS = ['none', 'error', 'warn', 'info', 'debug'] as const

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Writes lines about the agent itself; never about the application's data. */
export interface Logger {
  /** Something the agent cannot do at all. */
  error(message: string): void
  /** Something the user should mend; says what happened, which value, what is used instead. */
  warn(message: string): void
  /** A decision worth knowing, such as the destination. */
  info(message: string): void
  /** Everything else. */
  debug(message: string): void
}

const PREFIX = '[zen-telemetry]'
const STDERR = 2
const LONGEST_LINE = 2000

/**
 * Makes a logger that writes to stderr, one line each, with a synchronous write: the event loop may be blocked, the
 * process may be ending, and `process.stderr` must not be touched before the application does so itself.
 *
 * @param level lines above this level are dropped
 * @returns a logger; it throws nothing, a closed or full stderr only loses the line
 */
export function createLogger(level: LogLevel): Logger {
  const threshold = LOG_LEVELS.indexOf(level)
  const writer = (own: LogLevel) =>
    LOG_LEVELS.indexOf(own) <= threshold ? (message: string) => writeLine(own, message) : () => {}
  return { error: writer('error'), warn: writer('warn'), info: writer('info'), debug: writer('debug') }
}

function writeLine(level: LogLevel, message: string): void {
  const text = message.replaceAll(/\s*[\r\n]+\s*/g, ' ').slice(0, LONGEST_LINE)
  try {
    writeSync(STDERR, `${PREFIX} ${level}: ${text}\n`)
  } catch {
    // There is nowhere left to say it.
  }
}
