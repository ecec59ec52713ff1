import { writeSpan } from '../../src/activation/write-span.ts'
import type { RecordingSpan } from '../../src/tracing/recording-span.ts'
import { allocateSpanQueue } from '../../src/transport/queue-memory.ts'
import { openForReading } from '../../src/transport/queue-reader.ts'
import { openForWriting } from '../../src/transport/queue-writer.ts'
import type { WireSpan } from '../../src/transport/wire.ts'

const memory = allocateSpanQueue(1000)
const writer = openForWriting(memory, 1)
const reader = openForReading(memory)

/** A finished span as the export thread has it, after its way through a queue. */
export function asDelivered(span: RecordingSpan): WireSpan {
  writeSpan(writer, span)
  return JSON.parse(reader.take()[0]!) as WireSpan
}
