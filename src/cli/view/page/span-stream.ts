import { parseRequestLine } from '../../traces/parse-request-line.ts'
import type { TraceSpan } from '../../traces/trace-span.ts'

/** Who is told what the stream brings. */
export interface StreamListener {
  spans(spans: readonly TraceSpan[]): void
  /** Everything that was there at the beginning has come. */
  loaded(): void
  /** The program that serves this page has ended. */
  ended(): void
}

/** A frame has 16 ms; the rest of it belongs to the reader of the page. */
const LONGEST_SLICE_MS = 10

/** Reads spans for as long as the server lives, and never holds the page up while it does. */
export async function readSpanStream(listener: StreamListener): Promise<void> {
  try {
    const { body, ok } = await fetch('spans')
    if (ok && body) await readLines(body, listener)
  } catch {
    // The connection is gone, which is what is reported below.
  }
  listener.ended()
}

async function readLines(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  listener: StreamListener,
): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  let sliceStart = performance.now()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') listener.loaded()
      else listener.spans(parseRequestLine(line))
      if (performance.now() - sliceStart < LONGEST_SLICE_MS) continue
      await new Promise((resolve) => setTimeout(resolve))
      sliceStart = performance.now()
    }
  }
}
