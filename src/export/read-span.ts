import type { Logger } from '../shared/log.ts'
import type { WireSpan } from '../transport/wire.ts'
import type { PrivacyFilter } from './privacy/filter.ts'

/**
 * Reads and filters one line of the span queue. One that cannot be read or filtered must not take the others with it.
 *
 * @returns undefined: nothing of it may be kept
 */
export function readSpan(
  line: string,
  filter: PrivacyFilter,
  log: Pick<Logger, 'debug'>,
): WireSpan | 'unreadable' | undefined {
  try {
    return filter(JSON.parse(line) as WireSpan)
  } catch (error) {
    // The message of a JSON error quotes the text.
    log.debug(`a span cannot be read: ${error instanceof Error ? error.name : 'unknown error'}`)
    return 'unreadable'
  }
}
