import { writeSync } from 'node:fs'
import { styleText } from 'node:util'
import type { Environment } from '../config/load-config.ts'

/** Colours and weights that commands use, as `node:util` calls them. */
export type Style = (format: 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan', text: string) => string

/** Where a command writes. */
export interface Terminal {
  /**
   * Writes one line, or several, to stdout.
   *
   * @returns false once nobody reads any more
   */
  print(text: string): boolean
  /** Writes one line, or several, to stderr: whatever is not the outcome itself. */
  note(text: string): void
  /** For stdout: the text as it is, unless stdout is a terminal that wants colours. */
  readonly style: Style
  /** Absent where stdout is no terminal, or one that cannot move its cursor. */
  readonly screen?: Screen
}

/** A terminal that can be drawn on. */
export interface Screen {
  /** Writes as it is, without a line break. */
  write(text: string): void
  /** Lines that fit; 0 where the terminal does not say. */
  rows(): number
  /**
   * Calls back each time the size has changed.
   *
   * @returns ends that
   */
  onResize(listener: () => void): () => void
}

/** What is asked of a stream of the process. */
export interface OutputStream {
  readonly fd: number
  readonly isTTY?: boolean
  readonly rows?: number
  on?(event: 'resize', listener: () => void): unknown
  off?(event: 'resize', listener: () => void): unknown
}

/**
 * Writes synchronously, so that a command may end the process right after.
 *
 * @param stdout usually `process.stdout`
 * @param stderr usually `process.stderr`
 * @param environment `NO_COLOR` and `TERM` are looked at
 * @see https://no-color.org
 */
export function createTerminal(
  stdout: OutputStream,
  stderr: OutputStream,
  environment: Environment,
): Terminal {
  const able = stdout.isTTY === true && environment['TERM'] !== 'dumb'
  const coloured = able && !environment['NO_COLOR']
  return {
    print: (text) => writeAll(stdout.fd, `${text}\n`),
    note: (text) => void writeAll(stderr.fd, `${text}\n`),
    style: coloured
      ? (format, text) => styleText(format, text, { validateStream: false })
      : (_, text) => text,
    ...(able && { screen: screenOf(stdout) }),
  }
}

function screenOf(stdout: OutputStream): Screen {
  return {
    write: (text) => void writeAll(stdout.fd, text),
    rows: () => stdout.rows ?? 0,
    onResize(listener) {
      stdout.on?.('resize', listener)
      return () => void stdout.off?.('resize', listener)
    },
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4))
const PAUSE_MS = 5

/** A pipe may be full, and may have lost its reader (`| head`): the first is waited for, the second is no failure. */
function writeAll(descriptor: number, text: string): boolean {
  const bytes = Buffer.from(text)
  let written = 0
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written)
    } catch (thrown) {
      const { code } = thrown as NodeJS.ErrnoException
      if (code === 'EPIPE') return false
      if (code !== 'EAGAIN') throw thrown
      Atomics.wait(PAUSE, 0, 0, PAUSE_MS)
    }
  }
  return true
}
