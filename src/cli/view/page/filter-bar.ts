import type { TraceFilter, TraceOrder } from '../../traces/trace-index.ts'
import { element } from './element.ts'

/** What is searched for, and in which order it is listed. */
export interface Search {
  readonly filter: TraceFilter
  readonly order: TraceOrder
}

/** The fields above the list. */
export interface FilterBar {
  readonly element: HTMLElement
  read(): Search
  /** Searches for a text, and nothing else. */
  searchFor(text: string): void
  /** Limits the time, in milliseconds since 1970; undefined lifts the limit. */
  setPeriod(period: readonly [from: number, to: number] | undefined): void
  focus(): void
}

const MINUTE = 60_000
const PERIODS: readonly (readonly [label: string, milliseconds: string])[] = [
  ['Any time', ''],
  ['Last 5 minutes', String(5 * MINUTE)],
  ['Last hour', String(60 * MINUTE)],
  ['Last 24 hours', String(24 * 60 * MINUTE)],
]
const CHOSEN = 'chosen'

/**
 * Makes the fields, with nothing searched for.
 *
 * @param onChange told that a field has changed
 */
export function createFilterBar(onChange: () => void): FilterBar {
  const text = element('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Name, error or trace id',
    'aria-keyshortcuts': '/',
    autocomplete: 'off',
    spellcheck: 'false',
  })
  const status = select([
    ['Any status', ''],
    ['Without errors', 'ok'],
    ['With errors', 'error'],
    ['Incomplete', 'incomplete'],
  ])
  const least = milliseconds('from')
  const most = milliseconds('to')
  const period = select(PERIODS)
  const chosen = element('option', { value: CHOSEN, hidden: true })
  period.append(chosen)
  const order = select([
    ['Newest first', 'newest'],
    ['Slowest first', 'slowest'],
    ['Most spans first', 'largest'],
  ])
  let range: readonly [number, number] | undefined

  const form = element(
    'form',
    { class: 'filters', role: 'search', 'aria-label': 'Traces' },
    field('Search', text, 'wide'),
    field('Status', status),
    element(
      'fieldset',
      { class: 'field' },
      element('legend', { text: 'Duration, ms' }),
      element('div', { class: 'pair' }, least, element('span', { text: '–', 'aria-hidden': 'true' }), most),
    ),
    field('Time', period),
    field('Order', order),
  )
  form.addEventListener('submit', (event) => event.preventDefault())
  form.addEventListener('input', () => {
    if (period.value !== CHOSEN) setPeriod(undefined)
    onChange()
  })

  function setPeriod(next: readonly [number, number] | undefined): void {
    range = next
    chosen.hidden = next === undefined
    if (next) {
      const times = next.map((time) => new Date(time).toLocaleTimeString())
      chosen.textContent = times.join(' – ')
      period.value = CHOSEN
    } else if (period.value === CHOSEN) period.value = ''
  }

  return {
    element: form,
    read() {
      const [from, to] = period.value === CHOSEN ? (range ?? []) : [startOf(period.value), undefined]
      return {
        filter: {
          text: text.value,
          status: (status.value || undefined) as TraceFilter['status'],
          leastDuration: numberOf(least),
          mostDuration: numberOf(most),
          from,
          to,
        },
        order: order.value as TraceOrder,
      }
    },
    searchFor(wanted) {
      form.reset()
      setPeriod(undefined)
      text.value = wanted
      onChange()
    },
    setPeriod(next) {
      setPeriod(next)
      onChange()
    },
    focus() {
      text.focus()
      text.select()
    },
  }
}

function field(label: string, control: HTMLElement, more = ''): HTMLElement {
  return element('label', { class: `field ${more}` }, element('span', { text: label }), control)
}

function select(options: readonly (readonly [label: string, value: string])[]): HTMLSelectElement {
  return element('select', {}, ...options.map(([text, value]) => element('option', { value, text })))
}

function milliseconds(label: string): HTMLInputElement {
  return element('input', {
    type: 'number',
    min: 0,
    step: 'any',
    inputmode: 'decimal',
    placeholder: label,
    'aria-label': `Duration ${label}, in milliseconds`,
  })
}

function numberOf(input: HTMLInputElement): number | undefined {
  return Number.isNaN(input.valueAsNumber) ? undefined : input.valueAsNumber
}

function startOf(period: string): number | undefined {
  return period === '' ? undefined : Date.now() - Number(period)
}
