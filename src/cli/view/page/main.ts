/** The composition root of the page: the state is the index of traces, the fields of the search, and the address. */
import { methodStatistics } from '../../traces/method-statistics.ts'
import { createTraceIndex, type TraceEntry } from '../../traces/trace-index.ts'
import { element, setText } from './element.ts'
import { createExportMenu } from './export-menu.ts'
import { createFilterBar } from './filter-bar.ts'
import { formatCount } from './format-time.ts'
import { createKeysDialog } from './keys-dialog.ts'
import { createMethodsTable } from './methods-table.ts'
import { readSpanStream } from './span-stream.ts'
import { createThemeButton } from './theme-button.ts'
import { createTimeline } from './timeline.ts'
import { createTraceList } from './trace-list.ts'
import { createTracePanel } from './trace-panel.ts'

/** Often enough to look live, seldom enough to leave the page to its reader. */
const REFRESH_EVERY_MS = 250
const METHODS = '#methods'
const TRACE = '#trace-'

const index = createTraceIndex()
let found: readonly TraceEntry[] = []
let state: 'loading' | 'live' | 'ended' = 'loading'

const filters = createFilterBar(refresh)
const timeline = createTimeline((period) => filters.setPeriod(period))
const list = createTraceList((trace) => {
  location.hash = TRACE + trace.traceId
})
const panel = createTracePanel(showList)
const methods = createMethodsTable((name) => {
  location.hash = ''
  filters.searchFor(name)
})
const keys = createKeysDialog()

const live = element('span', { class: 'live', role: 'status' })
const total = element('span', { class: 'muted number' })
const count = element('p', { class: 'count muted', 'aria-live': 'polite' })
const tracesTab = tab('Traces', '#', 't')
const methodsTab = tab('Methods', METHODS, 'm')
const help = element('button', { type: 'button', class: 'icon keys-button', 'aria-label': 'Keys', text: '?' })
help.addEventListener('click', () => keys.showModal())
const empty = element(
  'div',
  { class: 'empty', hidden: true },
  element('h2', { text: 'No traces yet' }),
  element('p', { text: 'Spans that stay on this machine are shown here as they come. To make some:' }),
  element('pre', {
    text: 'ZEN_TELEMETRY_EXPORTER=local ZEN_TELEMETRY_SAMPLE_RATE=1 \\\n  node --import @zen/telemetry/register app.mjs',
    tabindex: 0,
  }),
)
const tracesView = element(
  'div',
  { class: 'traces-view' },
  element('section', { class: 'list-panel', 'aria-label': 'Found traces' }, count, list.element),
  panel.element,
)
const methodsView = element(
  'div',
  { class: 'methods-view', tabindex: 0, role: 'region', 'aria-label': 'Methods' },
  methods.element,
)

document.body.append(
  element(
    'header',
    { class: 'top' },
    element('h1', {}, 'zen ', element('span', { text: 'traces' })),
    element('nav', { 'aria-label': 'Views' }, tracesTab, methodsTab),
    element('div', { class: 'grow' }, live, total),
    createExportMenu('export-found', 'Export', () => 'traces', spansFound),
    createThemeButton(),
    help,
  ),
  element('main', {}, filters.element, timeline.element, empty, tracesView, methodsView),
  keys,
)

function tab(text: string, href: string, key: string): HTMLAnchorElement {
  return element('a', { href, text, 'aria-keyshortcuts': key })
}

function* spansFound() {
  for (const trace of found) yield* trace.spans
}

function openTrace(): TraceEntry | undefined {
  return location.hash.startsWith(TRACE) ? index.get(location.hash.slice(TRACE.length)) : undefined
}

function showList(): void {
  location.hash = ''
  list.element.focus()
}

/** Everything that depends on the spans or the search. */
function refresh(): void {
  const { filter, order } = filters.read()
  found = index.find(filter, order)
  timeline.show(found)
  list.setItems(found)
  const all = found.length === index.traceCount
  setText(
    count,
    all ? '' : `${found.length.toLocaleString()} of ${formatCount(index.traceCount, 'trace', 'traces')}`,
  )
  showView()
  showState()
}

/** Everything that depends on the address. */
function showView(): void {
  const none = index.traceCount === 0 && state !== 'loading'
  const onMethods = location.hash === METHODS
  const trace = openTrace()
  empty.hidden = !none
  filters.element.hidden = none
  timeline.element.hidden = none
  tracesView.hidden = none || onMethods
  methodsView.hidden = none || !onMethods
  tracesView.dataset['open'] = trace === undefined ? 'list' : 'trace'
  mark(tracesTab, !onMethods)
  mark(methodsTab, onMethods)
  if (onMethods) methods.show(methodStatistics(spansFound()))
  panel.show(trace)
}

function mark(link: HTMLAnchorElement, current: boolean): void {
  if (current) link.setAttribute('aria-current', 'page')
  else link.removeAttribute('aria-current')
}

function showState(): void {
  live.dataset['state'] = state
  setText(live, { loading: 'Loading', live: 'Live', ended: 'Ended: start zen-telemetry view again' }[state])
  const traces = formatCount(index.traceCount, 'trace', 'traces')
  setText(total, `${formatCount(index.spanCount, 'span', 'spans')} in ${traces}`)
}

let refreshing: number | undefined
function refreshSoon(): void {
  refreshing ??= setTimeout(() => {
    refreshing = undefined
    refresh()
  }, REFRESH_EVERY_MS)
}

addEventListener('hashchange', () => {
  showView()
  const trace = openTrace()
  list.select(trace?.traceId)
  if (trace) panel.focus()
})
addEventListener('keydown', (event) => {
  const typing = event.target instanceof Element && event.target.matches('input, select, dialog *')
  if (event.key === 'Escape' && !keys.open) showList()
  else if (typing || event.ctrlKey || event.metaKey || event.altKey) return
  else if (event.key === '/') filters.focus()
  else if (event.key === '?') keys.showModal()
  else if (event.key === 't') location.hash = ''
  else if (event.key === 'm') location.hash = METHODS
  else return
  event.preventDefault()
})

refresh()
void readSpanStream({
  spans(spans) {
    const first = index.traceCount === 0
    index.add(spans)
    if (first) refresh()
    else refreshSoon()
  },
  loaded() {
    state = 'live'
    refresh()
  },
  ended() {
    state = 'ended'
    refresh()
  },
})
