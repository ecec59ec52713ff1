import { expect } from 'vitest'
import type { RecordedSpan } from '../../fixtures/google-cloud/recorded-span.ts'

const PREFIX = 'zen.orchestrator.'

/**
 * Expects spans to form exactly these traces, one of them a line: the root, `>`, its children by start; `✗` failed,
 * `…` incomplete. The order of the traces does not count.
 */
export function expectTrees(spans: readonly RecordedSpan[], trees: readonly string[]): void {
  expect(drawTrees(spans)).toEqual([...trees].toSorted())
}

/** Draws spans as {@link expectTrees} expects them, sorted. */
export function drawTrees(spans: readonly RecordedSpan[]): string[] {
  const ids = new Set(spans.map((span) => span.spanId))
  const roots = spans.filter((span) => span.parentSpanId === undefined)
  const orphans = spans.filter((span) => span.parentSpanId !== undefined && !ids.has(span.parentSpanId))
  const children = (parent: RecordedSpan) =>
    spans.filter((span) => span.parentSpanId === parent.spanId && span.traceId === parent.traceId)
  return [
    ...roots.map((root) =>
      [label(root), children(root).toSorted(byStart).map(label).join(', ')].filter(Boolean).join(' > '),
    ),
    ...orphans.map((span) => `orphan ${label(span)}`),
  ].toSorted()
}

function label(span: RecordedSpan): string {
  const failed = span.status.code === 'error' ? ' ✗' : ''
  const incomplete = span.attributes['zen.incomplete'] === true ? ' …' : ''
  return `${span.name.replace(PREFIX, '')}${failed}${incomplete}`
}

function byStart(a: RecordedSpan, b: RecordedSpan): number {
  return Number(a.startTime - b.startTime)
}
