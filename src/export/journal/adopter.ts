import { messageOf } from '../../shared/errors.ts'
import type { Logger } from '../../shared/log.ts'
import { type Adoption, adoptSegment } from './adopt-segment.ts'
import { type JournalFolder, OLDEST_MS, removeFile, type SegmentEntry } from './journal-folder.ts'
import { readPrivateFile } from './private-file.ts'
import { readSegment, type UnsettledSpan } from './segment-format.ts'
import type { SegmentOwner } from './segment-name.ts'
import type { Segment } from './span-places.ts'

/** Why what the journal held cannot be sent any more. */
export type JournalLoss = 'journal_full' | 'too_old' | 'unreadable' | 'deadly'

/** What segments are adopted with. */
export interface AdopterOptions {
  readonly folder: JournalFolder
  readonly owner: SegmentOwner
  /** Identities of the destinations this thread may send to, by their hash. */
  readonly destinations: ReadonlyMap<string, string>
  readonly log: Logger
  readonly onLost: (reason: JournalLoss, count: number, own: boolean) => void
  readonly adopt: (segment: Segment) => void
  readonly settle: (segment: Segment, numbers: readonly number[]) => void
}

/** Takes over what others have left. Throws nothing; a file that cannot be taken is left alone. */
export interface Adopter {
  /** Takes over the segments of earlier export threads of the same queue. @returns how many spans are in them */
  recover(): number
  /** Takes over one segment of a dead process. @returns false if there is none */
  adoptNext(): boolean
  /** Removes a segment and counts what is lost with it. */
  remove(entry: SegmentEntry, reason: JournalLoss): void
}

/** Processes die while this one lives: it looks again so often. */
const LOOK_EVERY_MS = 60_000

/** Makes an adopter; nothing is looked at yet. */
export function createAdopter(options: AdopterOptions): Adopter {
  const { folder, owner, destinations, log, onLost } = options
  const identities = new Set(destinations.values())
  let candidates: SegmentEntry[] = []
  let lookedAt = Number.NEGATIVE_INFINITY
  let reported = false

  /** What is too old goes, for whichever destination it was. */
  function look(): void {
    lookedAt = performance.now()
    const dead = folder.entries().filter((entry) => !entry.ownerAlive)
    const oldest = Date.now() - OLDEST_MS
    for (const entry of dead) if (entry.name.created < oldest) remove(entry, 'too_old')
    candidates = dead.filter(({ name }) => name.created >= oldest && destinations.has(name.destination))
  }

  /** @returns how many spans were found, those that cannot be sent included */
  function adopt(entry: SegmentEntry, own: boolean): number {
    try {
      const adoption = adoptSegment(folder, entry, identities, own)
      if (adoption === 'unreadable') report()
      if (adoption === undefined || adoption === 'unreadable') return 0
      const found = adoption.segment.unsettled
      log.debug(`${found} spans found in ${adoption.segment.path}`)
      takeIn(adoption)
      return found
    } catch (thrown) {
      log.debug(`${entry.path} cannot be taken over: ${messageOf(thrown)}`)
      return 0
    }
  }

  function takeIn({ segment, tooOld, unreadable, deadly }: Adoption): void {
    options.adopt(segment)
    if (deadly.length > 0) setAside(segment, deadly)
    if (unreadable.length > 0) onLost('unreadable', unreadable.length, segment.own)
    if (tooOld.length > 0) onLost('too_old', tooOld.length, segment.own)
    const over = [...tooOld, ...unreadable, ...deadly.map(({ number }) => number)]
    if (over.length > 0) options.settle(segment, over)
  }

  function setAside(segment: Segment, deadly: readonly UnsettledSpan[]): void {
    onLost('deadly', deadly.length, segment.own)
    const lines = deadly.map(({ span }) => `${JSON.stringify(span)}\n`).join('')
    try {
      const file = folder.keepAside(segment.path, lines)
      log.warn(
        `${deadly.length} spans were being sent each time when several export threads died; they are kept in ` +
          `"${file}", which helps to find out why, and can be removed`,
      )
    } catch (thrown) {
      log.debug(`${deadly.length} spans that export threads die of cannot be kept: ${messageOf(thrown)}`)
    }
  }

  function report(): void {
    if (!reported) {
      log.warn(
        `the journal "${folder.path}" holds a file that is no segment of this format; it was set aside under a name that ` +
          'ends with .unreadable, and can be removed',
      )
    }
    reported = true
  }

  function remove(entry: SegmentEntry, reason: JournalLoss): void {
    // What a living process has is in its memory, or it notices itself.
    const lost = entry.ownerAlive ? 0 : unsettledIn(entry.path)
    if (removeFile(entry.path) && lost > 0) onLost(reason, lost, false)
  }

  function unsettledIn(path: string): number {
    try {
      const content = readSegment(readPrivateFile(path) ?? '')
      return content ? content.unsettled.length + content.unreadable.length : 0
    } catch (thrown) {
      log.debug(`${path} cannot be read: ${messageOf(thrown)}`)
      return 0
    }
  }

  return {
    remove,
    recover() {
      const mine = folder
        .entries()
        .filter(
          ({ name, ownerAlive }) =>
            !ownerAlive && isEarlier(name.owner) && destinations.has(name.destination),
        )
      return mine.reduce((sum, entry) => sum + adopt(entry, true), 0)
    },
    adoptNext() {
      if (candidates.length === 0 && performance.now() - lookedAt >= LOOK_EVERY_MS) look()
      for (let entry = candidates.shift(); entry; entry = candidates.shift()) {
        if (adopt(entry, false) > 0) return true
      }
      return false
    },
  }

  function isEarlier(other: SegmentOwner): boolean {
    return (
      other.place === owner.place &&
      other.pid === owner.pid &&
      other.started === owner.started &&
      other.queue === owner.queue
    )
  }
}
