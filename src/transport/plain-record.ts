/**
 * A plain span in shared memory: its ids and times as numbers, then the text its method has prepared. Writing it as JSON
 * takes V8 longer than all else that a call pays for; so the reader does that.
 */
import { BLOCK_BYTES, type Parts } from './queue-memory.ts'
import type { PlainSpan } from './wire.ts'

const TIME_BYTES = 8
const WORD_BYTES = 4
const TIMES_PER_BLOCK = BLOCK_BYTES / TIME_BYTES
const WORDS_PER_BLOCK = BLOCK_BYTES / WORD_BYTES
/** Two times first, then words. */
const START = 0
const END = 1
const TRACE = 4
const SPAN = 8
const PARENT = 10
const KIND = 12
const HEAD_BYTES = 13 * WORD_BYTES
const PARENT_KIND = { none: 0, own: 1, remote: 2 } as const
/** What the text may take, so that a span fits into one block. */
export const LONGEST_TEXT: number = BLOCK_BYTES - HEAD_BYTES

const BYTES_OF_IDS = (KIND - TRACE) * WORD_BYTES
const SPAN_AT = (SPAN - TRACE) * WORD_BYTES
const PARENT_AT = (PARENT - TRACE) * WORD_BYTES
const ids = Buffer.alloc(BYTES_OF_IDS)
const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Fills a block. */
export function storePlain(
  { times, words, bytes }: Parts,
  block: number,
  span: PlainSpan,
  text: Uint8Array,
): void {
  const { traceId, id, parent } = span
  const time = block * TIMES_PER_BLOCK
  times[time + START] = span.startMs
  times[time + END] = span.endMs
  const word = block * WORDS_PER_BLOCK
  words[word + TRACE] = traceId.first
  words[word + TRACE + 1] = traceId.second
  words[word + TRACE + 2] = traceId.third
  words[word + TRACE + 3] = traceId.fourth
  words[word + SPAN] = id.first
  words[word + SPAN + 1] = id.second
  words[word + KIND] = PARENT_KIND.none
  if (parent !== undefined) {
    words[word + PARENT] = parent.first
    words[word + PARENT + 1] = parent.second
    words[word + KIND] = span.parentIsRemote ? PARENT_KIND.remote : PARENT_KIND.own
  }
  bytes.set(text, block * BLOCK_BYTES + HEAD_BYTES)
}

/**
 * Reads a block as the line of JSON that the span would have been.
 *
 * @param length bytes of the text
 */
export function readPlain({ times, words, bytes }: Parts, block: number, length: number): string {
  const start = block * BLOCK_BYTES
  // Digit by digit, it would take as long as all else that is done for a span on its way to the journal.
  bytes.copy(ids, 0, start + TRACE * WORD_BYTES, start + KIND * WORD_BYTES)
  if (IS_LITTLE_ENDIAN) ids.swap32()
  const kind = words[block * WORDS_PER_BLOCK + KIND]
  const parent = kind === PARENT_KIND.none ? '' : `"parentSpanId":"${ids.toString('hex', PARENT_AT)}",`
  const remote = kind === PARENT_KIND.remote ? '"parentIsRemote":true,' : ''
  const time = block * TIMES_PER_BLOCK
  const at = start + HEAD_BYTES
  return (
    `{"traceId":"${ids.toString('hex', 0, SPAN_AT)}","spanId":"${ids.toString('hex', SPAN_AT, PARENT_AT)}",` +
    `${parent}${remote}"start":${times[time + START]},"end":${times[time + END]},` +
    bytes.toString('utf8', at, at + length)
  )
}
