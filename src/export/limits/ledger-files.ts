import { closeSync, constants, openSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const MINUTE_MS = 60_000
const KEPT_MINUTES = 62
/** A writer that was held up may still append to the file of the minute before; not later. */
const OPEN_MINUTES = 2
const NAME = /^(\d+)\.log$/
const CHUNK = 64 * 1024

/** Lines that all processes of a user append to, and read. */
export interface LedgerFiles {
  /**
   * Appends one line, which no other process can tear or overwrite.
   *
   * @returns false where the folder cannot be written
   */
  append(line: string): boolean
  /** The lines that were appended since the last call, by anybody, this process included. */
  read(): string[]
}

/**
 * One file for each minute, named by it. Appending to a file is the one thing that a file system does atomically and
 * in order for any number of processes: who appends, and then reads, has seen everything that was appended before.
 * Nothing is ever locked or rewritten, so nothing can be held by a process that has died. Files of the last hour are
 * kept, and whoever reads removes older ones.
 *
 * @param folder exists, and belongs to this user alone
 * @param now milliseconds since 1970
 */
export function openLedgerFiles(folder: string, now: () => number): LedgerFiles {
  const offsets = new Map<number, number>()
  const chunk = Buffer.allocUnsafe(CHUNK)

  function append(line: string): boolean {
    try {
      const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0)
      const file = openSync(pathOf(minuteOf(now())), flags, 0o600)
      try {
        writeSync(file, `${line}\n`)
      } finally {
        closeSync(file)
      }
      return true
    } catch {
      // Full, read-only or gone; the caller counts on without the others.
      return false
    }
  }

  function read(): string[] {
    const present = minuteOf(now())
    return minutes()
      .filter((minute) => {
        if (minute < present - KEPT_MINUTES) rmSync(pathOf(minute), { force: true })
        return minute >= present - KEPT_MINUTES && (minute > present - OPEN_MINUTES || !offsets.has(minute))
      })
      .flatMap((minute) => readNew(minute))
  }

  function minutes(): number[] {
    try {
      return readdirSync(folder)
        .map((name) => Number(NAME.exec(name)?.[1] ?? Number.NaN))
        .filter((minute) => !Number.isNaN(minute))
        .toSorted((a, b) => a - b)
    } catch {
      return []
    }
  }

  /** Whole lines only: the end of a file may be in the middle of being written. */
  function readNew(minute: number): string[] {
    let text = ''
    const start = offsets.get(minute) ?? 0
    try {
      const file = openSync(pathOf(minute), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
      try {
        for (let at = start; ;) {
          const size = readSync(file, chunk, 0, CHUNK, at)
          if (size === 0) break
          text += chunk.toString('latin1', 0, size)
          at += size
        }
      } finally {
        closeSync(file)
      }
    } catch {
      // Another process has just removed it.
      return []
    }
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    offsets.set(minute, start + whole.length)
    return whole.split('\n').filter(Boolean)
  }

  function pathOf(minute: number): string {
    return join(folder, `${minute}.log`)
  }

  return { append, read }
}

function minuteOf(time: number): number {
  return Math.floor(time / MINUTE_MS)
}
