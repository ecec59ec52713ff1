import { interrupted } from './interrupted.ts'
import type { Screen, Style, Terminal } from './terminal.ts'

/** What is seen at one moment. */
export interface Look {
  /** Anything that JSON can hold. */
  readonly data: object
  /** The same for people. */
  readonly lines: (style: Style) => readonly string[]
}

/** How something is watched. */
export interface WatchOptions {
  readonly terminal: Terminal
  readonly json: boolean
  /** Milliseconds between two looks. */
  readonly everyMs: number
}

/** Control sequences of ECMA-48 and xterm that all terminals in use know. */
const ESCAPE = '\u001b['
/** A screen of its own, so that what was there comes back; no cursor; lines are cut at the edge, not wrapped. */
const ENTER = `${ESCAPE}?1049h${ESCAPE}?25l${ESCAPE}?7l`
const LEAVE = `${ESCAPE}?7h${ESCAPE}?25h${ESCAPE}?1049l`
const HOME = `${ESCAPE}H`
const CLEAR_LINE = `${ESCAPE}K`
const CLEAR_BELOW = `${ESCAPE}J`

/**
 * Looks again and again until the user interrupts: drawn in place on a terminal, as blocks below each other elsewhere, with
 * `--json` one document a line. Ends by itself when nobody reads any more. What was seen last stays on the terminal.
 *
 * @param look never called while it is still under way
 */
export async function watch(look: () => Promise<Look>, options: WatchOptions): Promise<void> {
  const { terminal, json, everyMs } = options
  const screen = json ? undefined : terminal.screen
  const end = interrupted().then(() => 'end' as const)
  let last = await look()

  const draw = (): boolean => {
    if (screen) drawOn(screen, withTime(last, terminal.style))
    else if (json) return terminal.print(JSON.stringify({ time: new Date().toISOString(), ...last.data }))
    else return terminal.print(`${withTime(last, terminal.style).join('\n')}\n`)
    return true
  }

  screen?.write(ENTER)
  const forget = screen?.onResize(draw)
  try {
    while (draw()) {
      if ((await Promise.race([pause(everyMs), end])) === 'end') return
      last = await look()
    }
  } finally {
    forget?.()
    screen?.write(LEAVE)
    if (screen) terminal.print(last.lines(terminal.style).join('\n'))
  }
}

function withTime({ lines }: Look, style: Style): string[] {
  return [style('dim', new Date().toISOString()), ...lines(style)]
}

/** Draws over what is there and clears only what is left of it, which does not flicker. */
function drawOn(screen: Screen, lines: readonly string[]): void {
  const rows = screen.rows()
  const fit = rows > 0 && lines.length > rows ? lines.slice(0, rows - 1) : lines
  const left = lines.length - fit.length
  const shown = left > 0 ? [...fit, `… ${left} more lines`] : fit
  screen.write(`${HOME}${shown.join(`${CLEAR_LINE}\r\n`)}${CLEAR_LINE}${CLEAR_BELOW}`)
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
