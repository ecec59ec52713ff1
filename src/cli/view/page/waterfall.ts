import { formatDuration } from '../../traces/format-duration.ts'
import type { TraceEntry } from '../../traces/trace-index.ts'
import type { TraceSpan } from '../../traces/trace-span.ts'
import { element, setText } from './element.ts'
import { hueClass } from './hue.ts'
import { createVirtualList, type Row } from './virtual-list.ts'
import { waterfallRows, type WaterfallRow } from './waterfall-rows.ts'

/** The calls of one trace over time. */
export interface Waterfall {
  readonly element: HTMLElement
  /** Shows a trace; the same one again when spans have come. */
  show(trace: TraceEntry): void
  focus(): void
}

const TICKS = 4
const DEEPEST_INDENT = 12

/**
 * Makes an empty waterfall.
 *
 * @param onSelect told which span is selected
 */
export function createWaterfall(onSelect: (span: TraceSpan) => void): Waterfall {
  const ticks = Array.from({ length: TICKS + 1 }, () => element('span'))
  const axis = element('div', { class: 'axis', 'aria-hidden': 'true' }, element('div', {}, ...ticks))
  let trace: TraceEntry | undefined
  let spanCount = 0
  let closed = new Set<string>()
  const list = createVirtualList<WaterfallRow>({
    role: 'tree',
    id: 'spans',
    label: 'Spans of the trace',
    keyOf: ({ span }) => span.spanId,
    createRow,
    onSelect: ({ span }) => onSelect(span),
    onKey: (key, row) => {
      if (key === 'ArrowLeft' && row.hasChildren && row.open) toggle(row)
      else if (key === 'ArrowRight' && row.hasChildren && !row.open) toggle(row)
      else if (key === 'ArrowLeft' && row.parent) selectSpan(row.parent.span)
      else return false
      return true
    },
  })

  function toggle({ span, open }: WaterfallRow): void {
    if (open) closed.add(span.spanId)
    else closed.delete(span.spanId)
    refresh()
  }

  function selectSpan(span: TraceSpan): void {
    list.select(span.spanId)
    onSelect(span)
  }

  function refresh(): void {
    if (trace) list.setItems(waterfallRows(trace.spans, closed))
  }

  function createRow(): Row<WaterfallRow> {
    const handle = element('span', { class: 'handle', 'aria-hidden': 'true' })
    const name = element('span', { class: 'span-name' })
    const note = element('span', { class: 'failed' })
    const label = element('div', { class: 'span-label' }, handle, name, note)
    const bar = element('div', { class: 'bar' })
    const duration = element('span', { class: 'bar-duration number' })
    const row = element(
      'div',
      { class: 'span-row' },
      label,
      element('div', { class: 'track' }, bar, duration),
    )
    let shown: WaterfallRow | undefined
    handle.addEventListener('click', (event) => {
      event.stopPropagation()
      if (shown?.hasChildren) toggle(shown)
    })
    return {
      element: row,
      show(item) {
        shown = item
        const { span, level, hasChildren, open } = item
        row.setAttribute('aria-level', String(level))
        if (hasChildren) row.setAttribute('aria-expanded', String(open))
        else row.removeAttribute('aria-expanded')
        label.style.setProperty('--level', String(Math.min(level - 1, DEEPEST_INDENT)))
        setText(handle, hasChildren ? (open ? '▾' : '▸') : '')
        setText(name, span.name)
        setText(note, [span.errorType, span.incomplete ? 'incomplete' : ''].filter(Boolean).join(', '))
        placeBar(span)
      },
    }

    function placeBar(span: TraceSpan): void {
      const { start, end } = trace ?? span
      const length = end - start || 1
      const from = ((span.start - start) / length) * 100
      const to = ((span.end - start) / length) * 100
      bar.className = `bar ${hueClass(span.name)} ${span.errorType === undefined ? '' : 'bar-failed'}`
      bar.style.left = `${from}%`
      bar.style.width = `${to - from}%`
      setText(duration, formatDuration(span.end - span.start))
      // Beside the bar, on the side where there is room.
      const before = to > 80
      duration.style.left = before ? 'auto' : `${to}%`
      duration.style.right = before ? `${100 - (from > 20 ? from : to)}%` : 'auto'
      duration.classList.toggle('on-bar', before && from <= 20)
    }
  }

  return {
    element: element('div', { class: 'waterfall' }, axis, list.element),
    show(next) {
      const same = next === trace
      if (same && next.spans.length === spanCount) return
      trace = next
      spanCount = next.spans.length
      if (!same) closed = new Set()
      for (const [index, tick] of ticks.entries()) {
        setText(tick, index === 0 ? '0' : formatDuration(((next.end - next.start) * index) / TICKS))
      }
      refresh()
      if (same) return
      list.scrollToStart()
      const first = waterfallRows(next.spans, closed)
      const interesting = first.find(({ span }) => span.errorType !== undefined) ?? first[0]
      if (interesting) selectSpan(interesting.span)
    },
    focus: () => list.element.focus(),
  }
}
