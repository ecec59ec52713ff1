import type { Logger } from '../../../src/shared/log.ts'

/** A log that keeps its lines, each with its level in front. */
export function recordingLog(): { readonly log: Logger; readonly lines: string[] } {
  const lines: string[] = []
  const writer = (level: string) => (message: string) => void lines.push(`${level}: ${message}`)
  return {
    lines,
    log: { error: writer('error'), warn: writer('warn'), info: writer('info'), debug: writer('debug') },
  }
}
