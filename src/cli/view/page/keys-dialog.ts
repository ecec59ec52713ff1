import { element } from './element.ts'

const KEYS: readonly (readonly [keys: string, meaning: string])[] = [
  ['/', 'search'],
  ['↑ ↓ or k j', 'previous, next'],
  ['Page ↑ Page ↓, Home, End', 'further'],
  ['Enter', 'open the trace'],
  ['← →', 'close, open a span'],
  ['Esc', 'back to the list'],
  ['t, m', 'traces, methods'],
  ['?', 'these keys'],
]

/** The list of keys. */
export function createKeysDialog(): HTMLDialogElement {
  const close = element('button', { type: 'submit', text: 'Close' })
  return element(
    'dialog',
    { class: 'keys', 'aria-label': 'Keys' },
    element('h2', { text: 'Keys' }),
    element(
      'dl',
      {},
      ...KEYS.map(([keys, meaning]) =>
        element(
          'div',
          {},
          element('dt', {}, element('kbd', { text: keys })),
          element('dd', { text: meaning }),
        ),
      ),
    ),
    element('form', { method: 'dialog' }, close),
  )
}
