import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  lstatSync,
  lutimesSync,
  readdirSync,
  renameSync,
  type Stats,
  unlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { makePrivateFolder } from '../destination/private-folder.ts'
import { appendWhole, createPrivateFile, isOwnFile } from './private-file.ts'
import { formatSegmentName, parseSegmentName, type SegmentName, type SegmentOwner } from './segment-name.ts'
import { ownerIsAlive } from './segment-owner.ts'

/** Cloud Trace refuses older spans. */
export const OLDEST_MS: number = 14 * 24 * 3600_000
const UNREADABLE = '.unreadable'
const DEADLY = '.deadly'
const MOST_ASIDE = 5
const LARGEST_ASIDE = 2 * 1024 * 1024
const OWNER_ONLY = 0o700

/** How much the folder may hold, whoever wrote it. */
export interface JournalLimits {
  /** A segment is closed beyond this. */
  readonly segmentBytes: number
  readonly totalBytes: number
  readonly files: number
}

/** A segment as the folder shows it. */
export interface SegmentEntry {
  readonly path: string
  readonly name: SegmentName
  readonly bytes: number
  readonly ownerAlive: boolean
}

/** The folder of the journal, which all processes of a user share. */
export interface JournalFolder {
  readonly path: string
  /** @throws an error that says what is wrong with the folder */
  ensure(): void
  /** Segments of this user, oldest first. Empty where there is no folder. */
  entries(): SegmentEntry[]
  /** A path for a segment of this thread. */
  pathFor(destination: string): string
  /** Takes over a segment. @returns its new path; undefined if another process was faster */
  claim(entry: SegmentEntry): string | undefined
  /** Keeps a file that cannot be read for whoever wants to look; of such files the last few. */
  moveAside(path: string): void
  /** Keeps spans that are not to be sent, likewise. @param path of their segment @returns the path of the file */
  keepAside(path: string, lines: string): string
  /** Removes what is over the limits, oldest first and those of dead processes before others. */
  makeRoom(onRemove: (entry: SegmentEntry) => void): void
}

/**
 * Opens the folder; nothing is created yet.
 *
 * @param path absolute
 * @param me who takes and writes segments
 */
export function openJournalFolder(path: string, me: SegmentOwner, limits: JournalLimits): JournalFolder {
  function entries(): SegmentEntry[] {
    const now = Date.now()
    return namesIn(path).flatMap((file) => {
      const name = parseSegmentName(file)
      const stats = name && statsOf(join(path, file))
      if (!name || !stats || !isOwnFile(stats)) return []
      const ownerAlive = ownerIsAlive(name.owner, me, now - stats.mtimeMs)
      return [{ path: join(path, file), name, bytes: stats.size, ownerAlive }]
    })
  }

  function moveAside(file: string): void {
    if ((statsOf(file)?.size ?? 0) > LARGEST_ASIDE) return void removeFile(file)
    renameSync(file, `${file}${UNREADABLE}`)
    keepFew(UNREADABLE)
  }

  function keepFew(ending: string): void {
    const aside = namesIn(path).filter((name) => name.endsWith(ending))
    for (const name of aside.slice(0, -MOST_ASIDE)) removeFile(join(path, name))
  }

  function keepAside(segment: string, lines: string): string {
    const file = `${segment}${DEADLY}`
    const descriptor = createPrivateFile(file)
    try {
      appendWhole(descriptor, lines)
    } finally {
      closeSync(descriptor)
    }
    keepFew(DEADLY)
    return file
  }

  return {
    path,
    entries,
    moveAside,
    keepAside,
    ensure() {
      const problem = makePrivateFolder(path)
      if (problem !== undefined) throw new Error(problem)
      const { uid, mode } = lstatSync(path)
      if (process.getuid && uid !== process.getuid()) throw new Error(`"${path}" belongs to another user`)
      // It may have been made by hand, or restored from a backup.
      if (process.getuid && (mode & 0o777) !== OWNER_ONLY) chmodSync(path, OWNER_ONLY)
    },
    pathFor(destination) {
      const name = { created: Date.now(), random: randomBytes(4).toString('hex'), destination, owner: me }
      return join(path, formatSegmentName(name))
    },
    claim({ path: from, name }) {
      const to = join(path, formatSegmentName({ ...name, owner: me }))
      try {
        // First, so that nobody who goes by the lease takes it from this thread a moment later.
        lutimesSync(from, new Date(), new Date())
        renameSync(from, to)
        return to
      } catch {
        return undefined
      }
    },
    makeRoom(onRemove) {
      const all = entries()
      let total = all.reduce((sum, entry) => sum + entry.bytes, 0)
      let count = all.length
      for (const entry of [...all.filter((one) => !one.ownerAlive), ...all.filter((one) => one.ownerAlive)]) {
        if (total + limits.segmentBytes <= limits.totalBytes && count < limits.files) return
        onRemove(entry)
        total -= entry.bytes
        count--
      }
    },
  }
}

/** Whether a file of the folder was set aside: it is no segment, and is kept for people. */
export function isAside(name: string): boolean {
  return name.endsWith(UNREADABLE) || name.endsWith(DEADLY)
}

/** @returns false if it was not there any more, or may not be removed */
export function removeFile(path: string): boolean {
  try {
    unlinkSync(path)
    return true
  } catch {
    return false
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted()
  } catch {
    return []
  }
}

function statsOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false })
}
