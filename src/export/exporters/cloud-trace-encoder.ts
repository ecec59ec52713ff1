import { type Attributes, type AttributeValue, type HrTime, SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan, TimedEvent } from '@opentelemetry/sdk-trace-base'
import { PbfWriter } from 'pbf'
import { messageOf } from '../../shared/errors.ts'
import type { WireSpan } from '../../transport/wire.ts'
import {
  Annotation,
  AttributeMap,
  Bool,
  Code,
  Entry,
  Event,
  KIND_INTERNAL,
  Request,
  Span,
  Status,
  Text,
  Time,
  TimeEvents,
  Value,
} from './cloud-trace-fields.ts'
import { cloudTraceLabels, GOOGLE_LABELS, RENAMED } from './cloud-trace-labels.ts'
import type { ResourceInput } from './exporter.ts'
import { readableSpan } from './readable-span.ts'
import { type SpanSource, spanSources } from './span-source.ts'

/** A request `BatchWriteSpans`, and what is not in it. */
export interface EncodedBatch {
  readonly body: Uint8Array
  /** How many spans are in it. */
  readonly count: number
  /** Why the others cannot be encoded, one reason for each. */
  readonly problems: readonly string[]
}

/** What every span of a process has, encoded once. */
interface Labels {
  readonly names: ReadonlySet<string>
  /** Entries of the map of attributes. */
  readonly entries: readonly Uint8Array[]
}

interface SpanToWrite {
  readonly span: ReadableSpan
  readonly labels: Labels
}

/** A request is given as much memory as the one before took for each of its spans, and some more. */
const FIRST_BYTES_PER_SPAN = 1024
const RESERVE = 1.1
const SOME_BYTES = 256

/** Node itself is faster from so many characters on. */
const LONG = 64
const SURROGATE = /[\ud800-\udfff]/

/**
 * Makes what writes spans as the Cloud Trace API takes them, as Google's exporter would map them. It writes protobuf into
 * one piece of memory: with objects in between, a span takes ten times as much, and half of the thread's time goes to
 * clear that away.
 *
 * @param projectId where the spans go
 * @param input this process; public mode goes without the labels of Google's exporter
 */
export function createCloudTraceEncoder(
  projectId: string,
  input: ResourceInput,
): (spans: readonly WireSpan[]) => EncodedBatch {
  const sourceOf = spanSources(input)
  const known = new WeakMap<SpanSource, Labels>()
  const withGoogles = input.mode !== 'public'
  const project = `projects/${projectId}`

  function labelsOf(source: SpanSource): Labels {
    let labels = known.get(source)
    if (!labels) known.set(source, (labels = encodeLabels(cloudTraceLabels(source, withGoogles))))
    return labels
  }

  function writeSpan({ span, labels }: SpanToWrite, pbf: PbfWriter): void {
    const { traceId, spanId } = span.spanContext()
    const { parentSpanContext: parent } = span
    writeString(pbf, Span.name, `${project}/traces/${traceId}/spans/${spanId}`)
    writeString(pbf, Span.spanId, spanId)
    if (parent) writeString(pbf, Span.parentSpanId, parent.spanId)
    pbf.writeMessage(Span.displayName, writeText, span.name)
    pbf.writeMessage(Span.startTime, writeTime, span.startTime)
    pbf.writeMessage(Span.endTime, writeTime, span.endTime)
    pbf.writeMessage(Span.attributes, writeSpanAttributes, { span, labels })
    pbf.writeMessage(Span.timeEvents, writeEvents, span.events)
    pbf.writeMessage(Span.links, writeNothing, undefined)
    pbf.writeMessage(Span.status, writeStatus, span.status)
    pbf.writeMessage(Span.sameProcessAsParentSpan, writeBool, !parent?.isRemote)
    pbf.writeVarintField(Span.spanKind, KIND_INTERNAL)
  }

  /** What the process says of itself, no call changes. */
  function writeSpanAttributes({ span, labels }: SpanToWrite, pbf: PbfWriter): void {
    const { attributes } = span
    for (const key in attributes) {
      const name = RENAMED.get(key) ?? key
      if (labels.names.has(name) || (!withGoogles && GOOGLE_LABELS.test(name))) continue
      writeEntry(pbf, name, attributes[key])
    }
    for (const entry of labels.entries) pbf.writeBytesField(AttributeMap.entry, entry)
  }

  let bytesPerSpan = FIRST_BYTES_PER_SPAN

  return (spans) => {
    // Grown from nothing, it would be copied ten times, and leave as much behind again.
    const pbf = new PbfWriter(new Uint8Array(SOME_BYTES + Math.ceil(spans.length * bytesPerSpan * RESERVE)))
    const problems: string[] = []
    writeString(pbf, Request.name, project)
    for (const wire of spans) {
      const start = pbf.pos
      try {
        const source = sourceOf(wire)
        const span = { span: readableSpan(wire, source), labels: labelsOf(source) }
        pbf.writeMessage(Request.spans, writeSpan, span)
      } catch (thrown) {
        pbf.pos = start
        problems.push(messageOf(thrown))
      }
    }
    const body = pbf.finish()
    bytesPerSpan = body.length / Math.max(1, spans.length)
    return { body, count: spans.length - problems.length, problems }
  }
}

function encodeLabels(labels: Attributes): Labels {
  const entries = Object.entries(labels).map(([name, value]) => {
    const pbf = new PbfWriter()
    writeEntryContent([name, value ?? ''], pbf)
    return pbf.finish()
  })
  return { names: new Set(Object.keys(labels)), entries }
}

function writeEntry(pbf: PbfWriter, name: string, value: AttributeValue | undefined): void {
  if (value !== undefined) pbf.writeMessage(AttributeMap.entry, writeEntryContent, [name, value])
}

function writeEntryContent([name, value]: readonly [string, AttributeValue], pbf: PbfWriter): void {
  writeString(pbf, Entry.key, name)
  pbf.writeMessage(Entry.value, writeValue, value)
}

/** The library writes texts letter by letter, and those of the higher planes wrongly (version 5.1.2). */
function writeString(pbf: PbfWriter, field: number, text: string): void {
  if (text.length > LONG || SURROGATE.test(text)) pbf.writeBytesField(field, Buffer.from(text))
  else pbf.writeStringField(field, text)
}

/** The API knows whole numbers only: what is none is sent as text. */
function writeValue(value: AttributeValue, pbf: PbfWriter): void {
  if (typeof value === 'string') pbf.writeMessage(Value.string, writeText, value)
  else if (typeof value === 'boolean') pbf.writeBooleanField(Value.bool, value)
  else if (Number.isSafeInteger(value)) pbf.writeVarintField(Value.int, value as number)
  else
    pbf.writeMessage(
      Value.string,
      writeText,
      typeof value === 'number' ? String(value) : JSON.stringify(value),
    )
}

function writeEvents(events: readonly TimedEvent[], pbf: PbfWriter): void {
  for (const event of events) pbf.writeMessage(TimeEvents.event, writeEvent, event)
}

function writeEvent(event: TimedEvent, pbf: PbfWriter): void {
  pbf.writeMessage(Event.time, writeTime, event.time)
  pbf.writeMessage(Event.annotation, writeAnnotation, event)
}

function writeAnnotation({ name, attributes = {} }: TimedEvent, pbf: PbfWriter): void {
  pbf.writeMessage(Annotation.description, writeText, name)
  pbf.writeMessage(Annotation.attributes, writeAttributes, attributes)
}

function writeAttributes(attributes: Attributes, pbf: PbfWriter): void {
  for (const [key, value] of Object.entries(attributes)) writeEntry(pbf, key, value)
}

function writeText(text: string, pbf: PbfWriter): void {
  writeString(pbf, Text.value, text)
}

function writeTime([seconds, nanos]: HrTime, pbf: PbfWriter): void {
  pbf.writeVarintField(Time.seconds, seconds)
  pbf.writeVarintField(Time.nanos, nanos)
}

function writeStatus({ code, message }: ReadableSpan['status'], pbf: PbfWriter): void {
  pbf.writeVarintField(Status.code, code === SpanStatusCode.ERROR ? Code.unknown : Code.ok)
  if (message !== undefined) writeString(pbf, Status.message, message)
}

function writeBool(value: boolean, pbf: PbfWriter): void {
  pbf.writeBooleanField(Bool.value, value)
}

function writeNothing(): void {
  // The message is there, and empty.
}
