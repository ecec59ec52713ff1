import type { Logger } from '../shared/log.ts'
import type { WireSpan } from '../transport/wire.ts'
import type { PrivacyFilter } from './privacy/filter.ts'

/** A span that was read and filtered. */
export interface FilteredSpan {
  readonly span: WireSpan
  /** The filter has left all of it as it was. */
  readonly isWhole: boolean
}

/**
 * Reads and filters one line of the span queue. One that cannot be read or filtered must not take the others with it.
 *
 * @returns undefined: nothing of it may be kept
 */
export function readSpan(
  line: string,
  filter: PrivacyFilter,
  log: Pick<Logger, 'debug'>,
): FilteredSpan | 'unreadable' | undefined {
  try {
    const given = JSON.parse(line) as WireSpan
    const span = filter(given)
    return span && { span, isWhole: span === given }
  } catch (error) {
    // The message of a JSON error quotes the text.
    log.debug(`a span cannot be read: ${error instanceof Error ? error.name : 'unknown error'}`)
    return 'unreadable'
  }
}
