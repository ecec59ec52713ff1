import { readFileSync, writeSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * When an error ends the process, Node prints the source line that threw it. An error that was caught and thrown again
 * on its way would show the agent's line instead, so the throwing line of the agent carries the marker with which Node
 * prints none (see `GetErrorSource` in Node's src/node_errors.cc), and the application's line is printed here, in the
 * same form, just before Node prints the rest.
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
    if (!listening) {
      listening = true
      process.on('uncaughtExceptionMonitor', printSourceLine)
    }
  }
  return error
}

function printSourceLine(error: unknown, origin: string): void {
  if (origin !== 'uncaughtException' || typeof error !== 'object' || last?.deref() !== error) return
  if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return
  try {
    const excerpt = sourceExcerpt(error as Error)
    if (excerpt !== undefined) writeSync(STDERR, excerpt)
  } catch {
    // The file is gone or stderr is closed: Node prints the error itself all the same.
  }
}

/** File, line and caret as Node prints them, for the place where an error was made. */
function sourceExcerpt({ message, stack }: Error): string | undefined {
  if (typeof stack !== 'string' || typeof message !== 'string') return undefined
  // The message comes first, and may hold anything, lines that look like frames included.
  const said = stack.indexOf(message)
  const frames = said < 0 ? stack : stack.slice(said + message.length)
  const [, file, line, column] = FRAME_POSITION.exec(frames) ?? []
  if (file === undefined || file.startsWith('node:')) return undefined
  const path = file.startsWith('file:') ? fileURLToPath(file) : file
  const source = readFileSync(path, 'utf8').split(/\r\n|[\n\r\u2028\u2029]/, Number(line))[Number(line) - 1]
  if (source === undefined) return undefined
  // The error was made at this column; where it is made by a throw statement, that is where it was thrown.
  const made = Number(column) - 1
  const statement = source.startsWith('new ', made) ? /\bthrow\s[^;{}]*$/ : /\bthrow\s+(?:await\s+)?$/
  const thrown = statement.exec(source.slice(0, made))?.index ?? made
  return `${file}:${line}\n${source}\n${source.slice(0, thrown).replaceAll(/[^\t]/g, ' ')}^\n\n`
}
