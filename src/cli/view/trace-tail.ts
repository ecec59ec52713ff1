import { join } from 'node:path'
import { readTraceFile, traceFileNames } from '../traces/trace-file.ts'

/** Reads a folder of trace files once, and then what is added to it. */
export interface TraceTail {
  /** The lines of all files, newest first, a file at a time. */
  existing(): Generator<readonly string[]>
  /** The lines that came since the last call, oldest first. */
  added(): string[]
}

/**
 * Makes a reader that has read nothing yet.
 *
 * @param folder `traces` in the state folder; it need not exist
 */
export function createTraceTail(folder: string): TraceTail {
  const ends = new Map<string, number>()

  function readMore(name: string): readonly string[] {
    const { lines, end } = readTraceFile(join(folder, name), ends.get(name) ?? 0)
    ends.set(name, end)
    return lines
  }

  return {
    *existing() {
      for (const name of traceFileNames(folder).toReversed()) yield readMore(name).toReversed()
    },
    added: () => {
      const names = traceFileNames(folder)
      for (const known of ends.keys()) if (!names.includes(known)) ends.delete(known)
      return names.flatMap((name) => readMore(name))
    },
  }
}
