import type { TraceEntry } from '../../traces/trace-index.ts'
import { element, shape } from './element.ts'
import { formatCount, formatTime } from './format-time.ts'

/** When the listed traces ran, as columns. */
export interface Timeline {
  readonly element: HTMLElement
  show(traces: readonly TraceEntry[]): void
}

const COLUMNS = 90
const HEIGHT = 100
/** A shorter drag is a click. */
const SHORTEST_DRAG_COLUMNS = 1

/**
 * Makes an empty timeline.
 *
 * @param onPeriod told which period was drawn over with the pointer, in milliseconds since 1970; undefined by a click
 */
export function createTimeline(onPeriod: (period: readonly [number, number] | undefined) => void): Timeline {
  const chart = shape('svg', {
    viewBox: `0 0 ${COLUMNS} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    role: 'img',
  })
  const marked = element('div', { class: 'timeline-mark', hidden: true })
  const from = element('span', { class: 'muted number' })
  const to = element('span', { class: 'muted number' })
  const stage = element(
    'div',
    { class: 'timeline-stage', title: 'Draw over a period to see only that' },
    chart,
    marked,
  )
  const columns = Array.from({ length: COLUMNS }, (_, index) => {
    const ok = shape('rect', { class: 'column-ok', x: index + 0.1, width: 0.8 })
    const failed = shape('rect', { class: 'column-failed', x: index + 0.1, width: 0.8 })
    chart.append(ok, failed)
    return { ok, failed }
  })
  let first = 0
  let width = 1
  let pressed: number | undefined

  function columnAt(event: PointerEvent): number {
    const box = stage.getBoundingClientRect()
    return Math.min(COLUMNS, Math.max(0, ((event.clientX - box.left) / box.width) * COLUMNS))
  }

  function mark(a: number, b: number): void {
    marked.hidden = false
    marked.style.left = `${(Math.min(a, b) / COLUMNS) * 100}%`
    marked.style.width = `${(Math.abs(a - b) / COLUMNS) * 100}%`
  }

  stage.addEventListener('pointerdown', (event) => {
    pressed = columnAt(event)
    stage.setPointerCapture(event.pointerId)
  })
  stage.addEventListener('pointermove', (event) => {
    if (pressed !== undefined) mark(pressed, columnAt(event))
  })
  stage.addEventListener('pointerup', (event) => {
    if (pressed === undefined) return
    const [a, b] = [pressed, columnAt(event)].toSorted((x, y) => x - y) as [number, number]
    pressed = undefined
    marked.hidden = true
    onPeriod(b - a < SHORTEST_DRAG_COLUMNS ? undefined : [first + a * width, first + b * width])
  })

  return {
    element: element(
      'div',
      { class: 'timeline' },
      stage,
      element('div', { class: 'timeline-ends' }, from, to),
    ),
    show(traces) {
      let last = 0
      first = Number.POSITIVE_INFINITY
      for (const { start } of traces) {
        if (start < first) first = start
        if (start > last) last = start
      }
      if (traces.length === 0) first = last
      width = Math.max(1, (last - first) / COLUMNS)
      const ok = new Float64Array(COLUMNS)
      const failed = new Float64Array(COLUMNS)
      for (const { start, errors } of traces) {
        const column = Math.min(COLUMNS - 1, Math.floor((start - first) / width))
        const counts = errors > 0 ? failed : ok
        counts[column]! += 1
      }
      draw(columns, ok, failed)
      from.textContent = traces.length > 0 ? formatTime(first) : ''
      to.textContent = traces.length > 0 ? formatTime(last) : ''
      chart.setAttribute('aria-label', `${formatCount(traces.length, 'trace', 'traces')} over time`)
    },
  }
}

function draw(
  columns: readonly { readonly ok: Element; readonly failed: Element }[],
  ok: Float64Array,
  failed: Float64Array,
): void {
  const highest = Math.max(1, ...columns.map((_, index) => ok[index]! + failed[index]!))
  for (const [index, column] of columns.entries()) {
    const failedHeight = (failed[index]! / highest) * HEIGHT
    const okHeight = (ok[index]! / highest) * HEIGHT
    place(column.failed, HEIGHT - failedHeight, failedHeight)
    place(column.ok, HEIGHT - failedHeight - okHeight, okHeight)
  }
}

function place(rect: Element, y: number, height: number): void {
  rect.setAttribute('y', String(y))
  rect.setAttribute('height', String(height))
}
