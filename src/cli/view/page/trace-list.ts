import { formatDuration } from '../../traces/format-duration.ts'
import type { TraceEntry } from '../../traces/trace-index.ts'
import { element, setText } from './element.ts'
import { formatCount, formatTime } from './format-time.ts'
import { createVirtualList, type Row, type VirtualList } from './virtual-list.ts'

/**
 * The list of traces.
 *
 * @param onOpen told which trace is to be shown
 */
export function createTraceList(onOpen: (trace: TraceEntry) => void): VirtualList<TraceEntry> {
  return createVirtualList<TraceEntry>({
    role: 'listbox',
    id: 'traces',
    label: 'Traces',
    keyOf: ({ traceId }) => traceId,
    createRow: createTraceRow,
    onOpen,
  })
}

function createTraceRow(): Row<TraceEntry> {
  const mark = element('span', { class: 'mark', role: 'img' })
  const name = element('span', { class: 'trace-name' })
  const duration = element('span', { class: 'number' })
  const time = element('span', { class: 'muted number' })
  const spans = element('span', { class: 'muted' })
  const failed = element('span', { class: 'failed' })
  const row = element(
    'div',
    { class: 'trace-row' },
    element('div', { class: 'trace-line' }, mark, name, duration),
    element('div', { class: 'trace-line small' }, time, spans, failed),
  )
  return {
    element: row,
    show(trace) {
      const state = trace.errors > 0 ? 'error' : trace.incomplete ? 'incomplete' : 'ok'
      if (mark.dataset['state'] !== state) {
        mark.dataset['state'] = state
        mark.setAttribute('aria-label', state)
        setText(mark, { ok: '✓', error: '✗', incomplete: '…' }[state])
      }
      setText(name, trace.name)
      setText(duration, formatDuration(trace.end - trace.start))
      setText(time, formatTime(trace.start))
      setText(spans, formatCount(trace.spans.length, 'span', 'spans'))
      setText(failed, trace.errors > 0 ? formatCount(trace.errors, 'error', 'errors') : '')
    },
  }
}
