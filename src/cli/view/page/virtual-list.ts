import { element } from './element.ts'

/** One row on the screen, which shows one item after the other. */
export interface Row<T> {
  readonly element: HTMLElement
  show(item: T, index: number, selected: boolean): void
}

/** How a list is made. */
export interface VirtualListOptions<T> {
  /** `listbox` and `option`, or `tree` and `treeitem`. */
  readonly role: 'listbox' | 'tree'
  readonly id: string
  readonly label: string
  readonly keyOf: (item: T) => string
  readonly createRow: () => Row<T>
  /** The selection moved, by keyboard or pointer. */
  readonly onSelect?: (item: T) => void
  /** Enter, or a click. */
  readonly onOpen?: (item: T) => void
  /** Another key; true if it meant something. */
  readonly onKey?: (key: string, item: T) => boolean
}

/** A list of any length, of which only the visible rows exist. */
export interface VirtualList<T> {
  readonly element: HTMLElement
  /** Selection and scroll position stay with their items. */
  setItems(items: readonly T[]): void
  /** Moves the selection without telling anybody. */
  select(key: string | undefined): void
  /** From the beginning. */
  scrollToStart(): void
}

/** Rows kept ready above and below what is visible. */
const OVERSCAN = 6
const USUAL_ROW_HEIGHT = 28

/** Makes a list whose row height is the custom property `--row-height` of its element, in pixels. */
export function createVirtualList<T>(options: VirtualListOptions<T>): VirtualList<T> {
  const space = element('div', { class: 'virtual-space', role: 'presentation' })
  const list = element(
    'div',
    {
      class: 'virtual-list',
      role: options.role,
      id: options.id,
      tabindex: 0,
      'aria-label': options.label,
    },
    space,
  )
  let items: readonly T[] = []
  let selectedKey: string | undefined
  let rowHeight = USUAL_ROW_HEIGHT
  const visible = new Map<number, Row<T>>()
  const spare: Row<T>[] = []

  function render(): void {
    const first = Math.max(0, Math.floor(list.scrollTop / rowHeight) - OVERSCAN)
    const last = Math.min(
      items.length,
      Math.ceil((list.scrollTop + list.clientHeight) / rowHeight) + OVERSCAN,
    )
    for (const [index, row] of visible) {
      if (index >= first && index < last) continue
      visible.delete(index)
      spare.push(row)
      row.element.hidden = true
    }
    let active: string | undefined
    for (let index = first; index < last; index += 1) {
      const item = items[index]!
      const row = visible.get(index) ?? rowFor(index)
      const selected = options.keyOf(item) === selectedKey
      if (selected) active = row.element.id
      row.element.setAttribute('aria-selected', String(selected))
      row.element.setAttribute('aria-posinset', String(index + 1))
      row.element.setAttribute('aria-setsize', String(items.length))
      row.show(item, index, selected)
    }
    if (active === undefined) list.removeAttribute('aria-activedescendant')
    else list.setAttribute('aria-activedescendant', active)
  }

  function rowFor(index: number): Row<T> {
    const row = spare.pop() ?? newRow()
    visible.set(index, row)
    row.element.hidden = false
    row.element.id = `${options.id}-${index}`
    row.element.style.transform = `translateY(${index * rowHeight}px)`
    return row
  }

  function newRow(): Row<T> {
    const row = options.createRow()
    row.element.classList.add('virtual-row')
    row.element.setAttribute('role', options.role === 'tree' ? 'treeitem' : 'option')
    space.append(row.element)
    return row
  }

  function measure(): void {
    const height = Number.parseFloat(getComputedStyle(list).getPropertyValue('--row-height'))
    rowHeight = Number.isFinite(height) && height > 0 ? height : USUAL_ROW_HEIGHT
    space.style.height = `${items.length * rowHeight}px`
    for (const [index, row] of visible) row.element.style.transform = `translateY(${index * rowHeight}px)`
    render()
  }

  function indexOf(key: string | undefined): number {
    return key === undefined ? -1 : items.findIndex((item) => options.keyOf(item) === key)
  }

  function setItems(next: readonly T[]): void {
    // Whoever has scrolled goes on looking at the same rows, however many come before them.
    const top = Math.floor(list.scrollTop / rowHeight)
    const anchor = top > 0 && items[top] !== undefined ? options.keyOf(items[top]) : undefined
    items = next
    space.style.height = `${items.length * rowHeight}px`
    const moved = indexOf(anchor)
    if (moved >= 0 && moved !== top) list.scrollTop += (moved - top) * rowHeight
    render()
  }

  function moveTo(index: number): void {
    const item = items[Math.min(items.length - 1, Math.max(0, index))]
    if (item === undefined) return
    selectedKey = options.keyOf(item)
    reveal()
    options.onSelect?.(item)
  }

  function reveal(): void {
    const index = indexOf(selectedKey)
    if (index >= 0) {
      const top = index * rowHeight
      if (top < list.scrollTop) list.scrollTop = top
      else if (top + rowHeight > list.scrollTop + list.clientHeight) {
        list.scrollTop = top + rowHeight - list.clientHeight
      }
    }
    render()
  }

  function onKeydown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const index = indexOf(selectedKey)
    const page = Math.max(1, Math.floor(list.clientHeight / rowHeight) - 1)
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: index + 1,
      j: index + 1,
      ArrowUp: index - 1,
      k: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: items.length - 1,
    }
    const to = moves[event.key]
    const item = items[index]
    if (to !== undefined) moveTo(to)
    else if (event.key === 'Enter' && item !== undefined) options.onOpen?.(item)
    else if (item === undefined || !options.onKey?.(event.key, item)) return
    event.preventDefault()
  }

  list.addEventListener('scroll', render, { passive: true })
  list.addEventListener('keydown', onKeydown)
  list.addEventListener('click', (event) => {
    const at = event.target instanceof Element ? event.target.closest('.virtual-row') : null
    const index = at === null ? undefined : [...visible].find(([, row]) => row.element === at)?.[0]
    const item = index === undefined ? undefined : items[index]
    if (index === undefined || item === undefined) return
    moveTo(index)
    options.onOpen?.(item)
  })
  new ResizeObserver(measure).observe(list)

  return {
    element: list,
    setItems,
    select(key) {
      selectedKey = key
      reveal()
    },
    scrollToStart: () => {
      list.scrollTop = 0
    },
  }
}
