import { element } from './element.ts'

const KEY = 'zen-telemetry-theme'
const DARK = '(prefers-color-scheme: dark)'

/** A button that changes between light and dark; at first it is as the system has it. */
export function createThemeButton(): HTMLElement {
  const root = document.documentElement
  const remembered = localStorage.getItem(KEY)
  if (remembered === 'light' || remembered === 'dark') root.dataset['theme'] = remembered
  const button = element('button', {
    type: 'button',
    class: 'icon',
    'aria-label': 'Light or dark',
    text: '◐',
  })
  button.addEventListener('click', () => {
    const dark = root.dataset['theme'] ? root.dataset['theme'] === 'dark' : matchMedia(DARK).matches
    root.dataset['theme'] = dark ? 'light' : 'dark'
    localStorage.setItem(KEY, root.dataset['theme'])
  })
  return button
}
