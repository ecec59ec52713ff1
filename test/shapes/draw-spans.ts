import type { LocalSpan } from '../support/local-spans.ts'

const ERROR = 2

/**
 * Draws spans as lines: each span below its parent and indented by two spaces, in the order they began, traces in
 * alphabetical order. Behind the name stand the version of `zen`, `✗` with the type of error, `…` if incomplete; before
 * it `orphan` where the parent is missing.
 */
export function drawSpans(spans: readonly LocalSpan[]): string[] {
  const ids = new Set(spans.map((span) => span.spanId))
  const below = (parent: LocalSpan): LocalSpan[] =>
    spans.filter((span) => span.parentSpanId === parent.spanId && span.traceId === parent.traceId)
  const draw = (span: LocalSpan, indent: string): string[] => [
    indent + label(span),
    ...below(span)
      .toSorted(byStart)
      .flatMap((child) => draw(child, `${indent}  `)),
  ]
  return spans
    .filter((span) => span.parentSpanId === undefined || !ids.has(span.parentSpanId))
    .map((root) => draw(root, root.parentSpanId === undefined ? '' : 'orphan '))
    .toSorted((a, b) => (a.join('\n') < b.join('\n') ? -1 : 1))
    .flat()
}

function label({ name, status, attributes }: LocalSpan): string {
  const { 'zen.version': version, 'error.type': type } = attributes as Record<string, string | undefined>
  return [
    name,
    ...(version === undefined ? [] : [`v${version}`]),
    ...(status.code === ERROR ? [`✗ ${type}`] : []),
    ...(attributes['zen.incomplete'] === true ? ['…'] : []),
  ].join(' ')
}

function byStart(a: LocalSpan, b: LocalSpan): number {
  return Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano))
}
