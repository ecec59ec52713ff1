import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { LIMITS } from './journal.ts'
import { isAside, openJournalFolder, removeFile, type SegmentEntry } from './journal-folder.ts'
import { readPrivateFile } from './private-file.ts'
import { readSegment, type SegmentContent, type SegmentHeader } from './segment-format.ts'
import { thisOwner } from './segment-owner.ts'

/** A file of the journal, for people. */
export interface JournalEntry {
  readonly file: string
  /** Undefined: it cannot be read. */
  readonly mode: SegmentHeader['mode'] | undefined
  readonly destination: string | undefined
  /** The service whose spans they are. */
  readonly service: string | undefined
  /** How many wait. */
  readonly spans: number
  readonly bytes: number
  readonly ageMs: number
  /** The process that recorded or sends them runs. */
  readonly ownerAlive: boolean
}

/** What was removed, and what was left because the process it belongs to runs. */
export interface ClearedJournal {
  readonly files: number
  readonly spans: number
  readonly left: number
}

/**
 * Lists what waits for delivery, oldest first. Throws nothing.
 *
 * @param stateFolder absolute
 */
export function listJournal(stateFolder: string): JournalEntry[] {
  return entriesOf(stateFolder).map((entry) => {
    const content = contentOf(entry)
    return {
      file: entry.path,
      mode: content?.header.mode,
      destination: content?.header.destination,
      service: content?.header.recordedBy.serviceName,
      spans: content?.unsettled.length ?? 0,
      bytes: entry.bytes,
      ageMs: Math.max(0, Date.now() - entry.name.created),
      ownerAlive: entry.ownerAlive,
    }
  })
}

/**
 * Removes what waits for delivery, but for what a running process may be sending. Throws nothing.
 *
 * @param stateFolder absolute
 */
export function clearJournal(stateFolder: string): ClearedJournal {
  const folder = join(stateFolder, 'journal')
  let files = 0
  let spans = 0
  let left = 0
  for (const entry of entriesOf(stateFolder)) {
    const waiting = contentOf(entry)?.unsettled.length ?? 0
    if (!entry.ownerAlive && removeFile(entry.path)) {
      files++
      spans += waiting
    } else left++
  }
  for (const name of asideIn(folder)) if (removeFile(join(folder, name))) files++
  return { files, spans, left }
}

function entriesOf(stateFolder: string): SegmentEntry[] {
  return openJournalFolder(join(stateFolder, 'journal'), thisOwner('00000000', 0), LIMITS).entries()
}

function contentOf({ path }: SegmentEntry): SegmentContent | undefined {
  try {
    return readSegment(readPrivateFile(path) ?? '')
  } catch {
    // Sent and removed by a process since it was listed, or not to be read: it is shown so.
    return undefined
  }
}

function asideIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(isAside)
  } catch {
    return []
  }
}
