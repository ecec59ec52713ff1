import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Journal, type JournalOptions, openJournal } from '../../../src/export/journal/journal.ts'
import type { SegmentHeader } from '../../../src/export/journal/segment-format.ts'
import { thisOwner } from '../../../src/export/journal/segment-owner.ts'
import { recordingLog } from '../delivery/recording-log.ts'

/** Of a private project. */
export const HEADER: SegmentHeader = {
  mode: 'private',
  destination: 'project shop-production at Google',
  recordedBy: {
    serviceName: 'shop',
    facts: { serviceVersion: '1.2.3', nodeVersion: '20.20.2', osType: 'linux' },
  },
}

/** A journal, what it said, and what lies in its folder. */
export interface TestJournal {
  readonly journal: Journal
  readonly lines: readonly string[]
  readonly losses: readonly string[]
  files(): string[]
  path(file: string): string
}

/** Opens a journal in a state folder, as an export thread of this process. */
export function openTestJournal(stateFolder: string, options: Partial<JournalOptions> = {}): TestJournal {
  const { log, lines } = recordingLog()
  const losses: string[] = []
  const journal = openJournal({
    stateFolder,
    owner: thisOwner('00000001', 0),
    header: HEADER,
    log,
    onLost: (reason, count, own) => losses.push(`${reason} ${count}${own ? ' own' : ''}`),
    ...options,
  })
  const folder = join(stateFolder, 'journal')
  return {
    journal,
    lines,
    losses,
    files: () => (existsSync(folder) ? readdirSync(folder).toSorted() : []),
    path: (file) => join(folder, file),
  }
}
