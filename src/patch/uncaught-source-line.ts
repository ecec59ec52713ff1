import { readFileSync, writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isShifted, originalColumn } from './original-column.ts'

/**
 * When an error ends the process, Node prints the source line that threw it. An error that was caught and thrown again
 * on its way would show the agent's line instead, so the throwing line of the agent carries the marker with which Node
 * prints none (see `GetErrorSource` in Node's src/node_errors.cc), and the application's line is printed here, in the
 * same form, just before Node prints the rest. Lines into which the agent has put text carry it as well.
 */

const STDERR = 2
const FRAME_POSITION = /^\s+at (?:.*\()?((?:file:\/\/)?\/?[^():]*(?::\\[^():]*)?):(\d+):(\d+)\)?$/m

let last: WeakRef<object> | undefined
let listening = false

/**
 * Remembers an error that is about to be thrown again.
 *
 * @param error what was caught
 * @param _marker has to stand on the line that throws
 * @returns the error
 */
export function rethrown(error: unknown, _marker: 'node-do-not-add-exception-line'): unknown {
  if (typeof error === 'object' && error !== null) {
    last = new WeakRef(error)
    printWhenUncaught()
  }
  return error
}

/** From now on, the line of an error that ends the process is printed, if it is one of those that Node does not print. */
export function printWhenUncaught(): void {
  if (listening) return
  listening = true
  process.on('uncaughtExceptionMonitor', printSourceLine)
}

function printSourceLine(error: unknown, origin: string): void {
  if (typeof error !== 'object' || error === null) return
  if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return
  try {
    const place = placeOf(error as Error)
    if (!place) return
    const wasRethrown = origin === 'uncaughtException' && last?.deref() === error
    if (wasRethrown || isShifted(place.path, place.line)) writeSync(STDERR, sourceExcerpt(place))
  } catch {
    // The file is gone or stderr is closed: Node prints the error itself all the same.
  }
}

interface Place {
  /** As the stack has it. */
  readonly file: string
  readonly path: string
  readonly line: number
  /** From 0. */
  readonly column: number
}

/** Where an error was made. */
function placeOf({ message, stack }: Error): Place | undefined {
  if (typeof stack !== 'string' || typeof message !== 'string') return undefined
  // The message comes first, and may hold anything, lines that look like frames included.
  const said = stack.indexOf(message)
  const frames = said < 0 ? stack : stack.slice(said + message.length)
  const [, file, line, column] = FRAME_POSITION.exec(frames) ?? []
  if (file === undefined || file.startsWith('node:')) return undefined
  const path = file.startsWith('file:') ? fileURLToPath(file) : file
  return { file, path, line: Number(line), column: Number(column) - 1 }
}

/** File, line and caret as Node prints them. */
function sourceExcerpt({ file, path, line, column }: Place): string {
  const source = readFileSync(path, 'utf8').split(/\r\n|[\n\r\u2028\u2029]/, line)[line - 1]
  if (source === undefined) return ''
  // The error was made at this column; where it is made by a throw statement, that is where it was thrown.
  const made = originalColumn(path, line, column)
  const statement = source.startsWith('new ', made) ? /\bthrow\s[^;{}]*$/ : /\bthrow\s+(?:await\s+)?$/
  const thrown = statement.exec(source.slice(0, made))?.index ?? made
  return `${file}:${line}\n${source}\n${source.slice(0, thrown).replaceAll(/[^\t]/g, ' ')}^\n\n`
}
