import { formatDuration } from '../../traces/format-duration.ts'
import { bucketEnd, type MethodStatistics } from '../../traces/method-statistics.ts'
import { element } from './element.ts'
import { hueClass } from './hue.ts'

/** Statistics of each method. */
export interface MethodsTable {
  readonly element: HTMLElement
  show(methods: readonly MethodStatistics[]): void
}

type Column = 'name' | 'count' | 'errors' | 'p50' | 'p95' | 'p99' | 'longest'

const COLUMNS: readonly { readonly key: Column; readonly title: string }[] = [
  { key: 'name', title: 'Method' },
  { key: 'count', title: 'Calls' },
  { key: 'errors', title: 'Errors' },
  { key: 'p50', title: 'p50' },
  { key: 'p95', title: 'p95' },
  { key: 'p99', title: 'p99' },
  { key: 'longest', title: 'Longest' },
]

/**
 * Makes an empty table, sorted by calls.
 *
 * @param onOpen told the name of the method whose traces are to be listed
 */
export function createMethodsTable(onOpen: (name: string) => void): MethodsTable {
  let sortedBy: Column = 'count'
  let shown: readonly MethodStatistics[] = []
  const heads = COLUMNS.map(({ key, title }) => {
    const head = element(
      'th',
      { scope: 'col', class: key },
      element('button', { type: 'button', text: title }),
    )
    head.addEventListener('click', () => {
      sortedBy = key
      render()
    })
    return { key, head }
  })
  const body = element('tbody')
  const table = element(
    'table',
    { class: 'methods' },
    element('caption', { text: 'Calls by method, of the traces that the search finds' }),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...heads.map(({ head }) => head),
        element('th', { scope: 'col', text: 'Durations, 10 µs to 42 s' }),
      ),
    ),
    body,
  )

  function render(): void {
    for (const { key, head } of heads) {
      if (key === sortedBy) head.setAttribute('aria-sort', key === 'name' ? 'ascending' : 'descending')
      else head.removeAttribute('aria-sort')
    }
    const sorted = shown.toSorted((a, b) =>
      sortedBy === 'name' ? a.name.localeCompare(b.name) : b[sortedBy] - a[sortedBy],
    )
    body.replaceChildren(...sorted.map((method) => rowOf(method, onOpen)))
  }

  return {
    element: table,
    show(methods) {
      shown = methods
      render()
    },
  }
}

function rowOf(method: MethodStatistics, onOpen: (name: string) => void): HTMLElement {
  const open = element('button', {
    type: 'button',
    class: 'link',
    title: 'List its traces',
    text: method.name,
  })
  open.addEventListener('click', () => onOpen(method.name))
  const rate = (method.errors / method.count) * 100
  const number = (label: string, text: string, more = '') =>
    element('td', { class: `number ${more}`, 'data-label': label, text })
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, element('span', { class: `dot ${hueClass(method.name)}` }), open),
    number('Calls', method.count.toLocaleString()),
    number(
      'Errors',
      method.errors === 0 ? '0' : `${method.errors.toLocaleString()} (${rate.toFixed(rate < 10 ? 1 : 0)}%)`,
      method.errors > 0 ? 'failed' : '',
    ),
    number('p50', formatDuration(method.p50)),
    number('p95', formatDuration(method.p95)),
    number('p99', formatDuration(method.p99)),
    number('Longest', formatDuration(method.longest)),
    element('td', { class: 'histogram-cell' }, histogramOf(method)),
  )
}

function histogramOf({ name, histogram }: MethodStatistics): HTMLElement {
  const highest = Math.max(1, ...histogram)
  const fullest = histogram.indexOf(highest)
  const range = `${formatDuration(fullest > 0 ? bucketEnd(fullest - 1) : 0)} to ${formatDuration(bucketEnd(fullest))}`
  const bars = histogram.map((count, bucket) => {
    const bar = element('span', {
      class: `${hueClass(name)} ${count > 0 ? 'some' : ''}`,
      title: `${count.toLocaleString()} of up to ${formatDuration(bucketEnd(bucket))}`,
    })
    bar.style.height = `${(count / highest) * 100}%`
    return bar
  })
  return element(
    'div',
    { class: 'histogram', role: 'img', 'aria-label': `Most calls took ${range}` },
    ...bars,
  )
}
