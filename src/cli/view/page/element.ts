/** What an element is made with: `class`, `text`, properties in dots are not needed; all others are attributes. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * Makes an element. Text is always text: nothing of a span is ever read as HTML.
 *
 * @param tag its name; with a namespace of SVG if it is one of SVG's
 * @param attributes `text` is its content; false and undefined are left out, true is an empty value
 * @param children what is inside
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag)
  setAttributes(made, attributes)
  made.append(...children)
  return made
}

/** The same for the shapes of SVG. */
export function shape<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Node[]
): SVGElementTagNameMap[K] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
  setAttributes(made, attributes)
  made.append(...children)
  return made
}

/** Sets a text only where it changes, so that nothing is laid out in vain. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text
}

function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue
    if (name === 'text') target.textContent = String(value)
    else target.setAttribute(name, value === true ? '' : String(value))
  }
}
