import { closeSync, existsSync, openSync, readSync } from 'node:fs'

/** Lines of a file that others write to. */
export interface FollowedLines {
  /** Reads what has come since the last time, and ends. */
  close(): void
}

const LOOK_EVERY_MS = 100
const CHUNK_BYTES = 65_536

/**
 * Passes on each complete line that is appended to a file, soon after it was.
 *
 * @param file need not exist yet
 * @param onLine without the line break
 */
export function followLines(file: string, onLine: (line: string) => void): FollowedLines {
  let position = 0
  let rest = Buffer.alloc(0)

  function look(): void {
    if (!existsSync(file)) return
    const descriptor = openSync(file, 'r')
    const chunk = Buffer.alloc(CHUNK_BYTES)
    try {
      for (;;) {
        const bytes = readSync(descriptor, chunk, 0, CHUNK_BYTES, position)
        if (bytes === 0) return
        position += bytes
        take(chunk.subarray(0, bytes))
      }
    } finally {
      closeSync(descriptor)
    }
  }

  function take(chunk: Buffer): void {
    rest = Buffer.concat([rest, chunk])
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      onLine(rest.subarray(0, end).toString())
      rest = rest.subarray(end + 1)
    }
  }

  const timer = setInterval(look, LOOK_EVERY_MS)
  return {
    close: () => {
      clearInterval(timer)
      look()
    },
  }
}
