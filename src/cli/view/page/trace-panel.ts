import { formatDuration } from '../../traces/format-duration.ts'
import type { TraceEntry } from '../../traces/trace-index.ts'
import { element, setText } from './element.ts'
import { createExportMenu } from './export-menu.ts'
import { formatCount, formatTime } from './format-time.ts'
import { createSpanDetails } from './span-details.ts'
import { createWaterfall } from './waterfall.ts'

/** One trace: its waterfall, and the span that is selected in it. */
export interface TracePanel {
  readonly element: HTMLElement
  /** Undefined: none is open. */
  show(trace: TraceEntry | undefined): void
  focus(): void
}

/**
 * Makes an empty panel.
 *
 * @param onBack told that the list is wanted again
 */
export function createTracePanel(onBack: () => void): TracePanel {
  let shown: TraceEntry | undefined
  const details = createSpanDetails()
  const waterfall = createWaterfall((span) => details.show(span, shown?.start ?? span.start))
  const back = element('button', {
    type: 'button',
    class: 'back',
    'aria-label': 'Back to the list',
    text: '←',
  })
  back.addEventListener('click', onBack)
  const title = element('h2')
  const facts = element('p', { class: 'muted' })
  const save = createExportMenu(
    'export-trace',
    'Export',
    () => `trace-${shown?.traceId ?? ''}`,
    () => shown?.spans ?? [],
  )
  const content = element(
    'div',
    { class: 'trace-content', hidden: true },
    element('div', { class: 'trace-head' }, back, element('div', { class: 'grow' }, title, facts), save),
    waterfall.element,
    details.element,
  )
  const nothing = element('p', { class: 'nothing', text: 'Choose a trace to see its calls.' })

  return {
    element: element('section', { class: 'trace-panel', 'aria-label': 'Trace' }, content, nothing),
    show(trace) {
      shown = trace
      content.hidden = trace === undefined
      nothing.hidden = trace !== undefined
      if (!trace) return
      setText(title, trace.name)
      const counts = [formatCount(trace.spans.length, 'span', 'spans')]
      if (trace.errors > 0) counts.push(formatCount(trace.errors, 'error', 'errors'))
      if (trace.incomplete) counts.push('incomplete')
      setText(
        facts,
        [formatDuration(trace.end - trace.start), ...counts, formatTime(trace.start)].join(' · '),
      )
      waterfall.show(trace)
    },
    focus: () => waterfall.focus(),
  }
}
