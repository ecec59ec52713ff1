import { exportChrome } from '../../traces/export-chrome.ts'
import { exportOtlp } from '../../traces/export-otlp.ts'
import type { TraceSpan } from '../../traces/trace-span.ts'
import { element } from './element.ts'
import { saveJson } from './save-file.ts'

/**
 * A button with the two formats.
 *
 * @param id of its menu
 * @param label what the button says
 * @param name of the file, without extension
 * @param spansOf what to export, asked when one of them is chosen
 */
export function createExportMenu(
  id: string,
  label: string,
  name: () => string,
  spansOf: () => Iterable<TraceSpan>,
): HTMLElement {
  const otlp = element('button', { type: 'button' }, 'OTLP JSON', hint('for a collector'))
  const chrome = element('button', { type: 'button' }, 'Chrome trace', hint('opens in ui.perfetto.dev'))
  const menu = element('div', { id, popover: 'auto', class: 'menu' }, otlp, chrome)
  otlp.addEventListener('click', () => {
    saveJson(`${name()}.otlp.json`, exportOtlp(spansOf()))
    menu.hidePopover()
  })
  chrome.addEventListener('click', () => {
    saveJson(`${name()}.chrome.json`, exportChrome(spansOf()))
    menu.hidePopover()
  })
  const button = element('button', { type: 'button', popovertarget: id, text: label })
  menu.addEventListener('toggle', () => {
    const box = button.getBoundingClientRect()
    menu.style.top = `${box.bottom + 4}px`
    menu.style.right = `${document.documentElement.clientWidth - box.right}px`
  })
  return element('div', {}, button, menu)
}

function hint(text: string): HTMLElement {
  return element('span', { class: 'muted', text })
}
