import type { RecordingSpan } from '../tracing/recording-span.ts'
import { LONGEST_TEXT } from '../transport/plain-record.ts'
import type { SpanQueueWriter } from '../transport/queue-writer.ts'

/** Writes a finished span to the queue, by the short way where nothing was added to it. */
export function writeSpan(queue: SpanQueueWriter, span: RecordingSpan): void {
  const text = span.preparedText()
  if (text !== undefined && text.length <= LONGEST_TEXT) queue.writePlain(span, text)
  else queue.write(JSON.stringify(span.toWire()))
}
