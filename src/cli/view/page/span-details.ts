import { attributeValues } from '../../traces/attribute-values.ts'
import { formatDuration } from '../../traces/format-duration.ts'
import type { OtlpAttribute, OtlpEvent, TraceSpan } from '../../traces/trace-span.ts'
import { element } from './element.ts'
import { formatTime } from './format-time.ts'

/** Everything that is known about one span. */
export interface SpanDetails {
  readonly element: HTMLElement
  /**
   * @param span what to show
   * @param traceStart milliseconds since 1970
   */
  show(span: TraceSpan, traceStart: number): void
}

/** Makes an empty panel. */
export function createSpanDetails(): SpanDetails {
  const panel = element('section', { class: 'details', 'aria-label': 'Span', tabindex: 0 })
  return {
    element: panel,
    show(span, traceStart) {
      panel.replaceChildren(...contentOf(span, traceStart))
      panel.scrollTop = 0
    },
  }
}

function contentOf(span: TraceSpan, traceStart: number): HTMLElement[] {
  const { otlp, source } = span
  const exceptions = (otlp.events ?? []).filter(({ name }) => name === 'exception')
  const others = (otlp.events ?? []).filter(({ name }) => name !== 'exception')
  const { name: scope = '', version = '' } = source.scope
  return [
    element('h3', { text: span.name }),
    element('p', {
      class: 'muted',
      text: `${formatDuration(span.end - span.start)}, ${placeOf(span, traceStart)}`,
    }),
    ...failureOf(span, exceptions),
    ...section('Attributes', table(otlp.attributes)),
    ...others.flatMap((event) => section(`Event: ${event.name}`, table(event.attributes))),
    ...section('Process', table(source.resource.attributes)),
    ...section(
      'Span',
      pairs([
        ['start', formatTime(span.start)],
        ['span id', span.spanId],
        ['parent id', span.parentSpanId ?? 'none'],
        ['trace id', span.traceId],
        ['made by', `${scope} ${version}`.trim()],
      ]),
    ),
  ]
}

function placeOf({ start }: TraceSpan, traceStart: number): string {
  const after = start - traceStart
  return after > 0 ? `${formatDuration(after)} after the start of the trace` : 'from the start of the trace'
}

function failureOf({ errorType, otlp }: TraceSpan, exceptions: readonly OtlpEvent[]): HTMLElement[] {
  if (errorType === undefined && exceptions.length === 0) return []
  const texts = exceptions.map(({ attributes }) => {
    const values = attributeValues(attributes)
    const title = [values['exception.type'], values['exception.message']].filter(Boolean).join(': ')
    return String(values['exception.stacktrace'] ?? title)
  })
  const said = texts.length > 0 ? texts : [[errorType, otlp.status?.message].filter(Boolean).join(': ')]
  return said.map((text) =>
    element('pre', { class: 'failure', tabindex: 0, text, role: 'region', 'aria-label': 'Error' }),
  )
}

function section(title: string, content: HTMLElement | undefined): HTMLElement[] {
  return content ? [element('h4', { text: title }), content] : []
}

function table(attributes: readonly OtlpAttribute[] | undefined): HTMLElement | undefined {
  const entries = Object.entries(attributeValues(attributes))
  if (entries.length === 0) return undefined
  return pairs(
    entries.map(([key, value]) => [key, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  )
}

function pairs(entries: readonly (readonly [string, string])[]): HTMLElement {
  const cells = entries.map(([key, value]) =>
    element('div', {}, element('dt', { text: key }), element('dd', { text: value })),
  )
  return element('dl', {}, ...cells)
}
