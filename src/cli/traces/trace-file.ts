import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs'

const NAME = /\.jsonl$/
const LINE_BREAK = 0x0a

/** Whole lines of a file, and where the next read goes on. */
export interface TraceFilePart {
  readonly lines: readonly string[]
  /** Bytes from the start of the file. */
  readonly end: number
}

/**
 * The trace files of a folder, oldest first: their names begin with the time.
 *
 * @param folder `traces` in the state folder
 * @returns names; none if there is no such folder
 */
export function traceFileNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => NAME.test(name))
      .toSorted()
  } catch {
    return []
  }
}

/**
 * Reads what a file has from a position on. A line that is still being written is left for the next time. A file that
 * has gone, to make room for newer ones, is empty; a symbolic link is not followed.
 *
 * @param path the file
 * @param start bytes from its start
 */
export function readTraceFile(path: string, start: number): TraceFilePart {
  let descriptor: number
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  } catch {
    return { lines: [], end: start }
  }
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - start))
    const read = bytes.length > 0 ? readSync(descriptor, bytes, 0, bytes.length, start) : 0
    const whole = bytes.subarray(0, read).lastIndexOf(LINE_BREAK) + 1
    const lines = bytes.toString('utf8', 0, whole).split('\n').filter(Boolean)
    return { lines, end: start + whole }
  } finally {
    closeSync(descriptor)
  }
}
