import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JournalOptions } from '../../../src/export/journal/journal.ts'
import { thisOwner } from '../../../src/export/journal/segment-owner.ts'
import { makeSpan } from '../exporters/make-span.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { HEADER, openTestJournal, type TestJournal } from './open-test-journal.ts'

let folder: string
let open: TestJournal[] = []
beforeEach(() => {
  folder = tempFolder()
})
afterEach(() => {
  for (const { journal } of open) journal.close()
  open = []
  rmSync(folder, { recursive: true, force: true })
})

function journalOf(options: Partial<JournalOptions> = {}): TestJournal {
  const opened = openTestJournal(folder, options)
  open.push(opened)
  return opened
}

/** A process that has died: its id is one that no process has, on this very boot. */
function ofDead(pid = 4_000_000_000): Partial<JournalOptions> {
  return { owner: { ...thisOwner('0000dead', 0), pid } }
}

const spansOf = (count: number) => Array.from({ length: count }, () => makeSpan())
const idsOf = (spans: readonly { spanId: string }[]) => spans.map(({ spanId }) => spanId)
const SMALL = { segmentBytes: 2000, totalBytes: 10_000, files: 100 }

describe('spans that export threads die of', () => {
  let count = 0
  /** A process that has died, another one each time. */
  const dead = (): Partial<JournalOptions> => ofDead(4_000_000_000 + count++)

  it('are tried few at a time, and set aside after three deaths; all others are delivered', () => {
    const before = openTestJournal(folder, dead())
    const spans = spansOf(200)
    const { spanId: guilty } = spans[100]!
    before.journal.record(spans)
    before.journal.sending(spans.slice(0, 150))
    const delivered: string[] = []
    /** Sends what there is until it dies of it. @returns how many spans that took with it; 0: it lives */
    const live = ({ journal }: TestJournal): number => {
      for (let taken = journal.takeAdopted(1000); taken.length > 0; taken = journal.takeAdopted(1000)) {
        journal.sending(taken)
        if (idsOf(taken).includes(guilty)) return taken.length
        delivered.push(...idsOf(taken))
        journal.settle(taken)
      }
      return 0
    }
    expect([live(openTestJournal(folder, dead())), live(openTestJournal(folder, dead()))]).toEqual([64, 8])

    const last = journalOf()
    expect([live(last), last.losses, delivered.length]).toEqual([0, ['deadly 8'], 192])
    const [aside, ...others] = last.files()
    expect(others).toEqual([])
    expect(last.lines.filter((line) => line.startsWith('warn'))).toEqual([
      expect.stringContaining(`they are kept in "${last.path(aside!)}"`),
    ])
    expect(statSync(last.path(aside!)).mode & 0o777).toBe(0o600)
    const kept = readFileSync(last.path(aside!), 'utf8').trim().split('\n')
    const ids = kept.map((line) => (JSON.parse(line) as { spanId: string }).spanId)
    expect(ids).toContain(guilty)
    expect(new Set([...ids, ...delivered])).toEqual(new Set(idsOf(spans)))
  })

  it('are not those of a request that failed, nor of one that a process ended in', () => {
    const before = openTestJournal(folder, dead())
    before.journal.record(spansOf(10))
    for (let process = 0; process < 4; process++) {
      const { journal } = openTestJournal(folder, dead())
      journal.sending(journal.takeAdopted(10))
      if (process % 2 === 0) journal.survived()
      else journal.close()
    }
    const { journal, losses } = journalOf()
    expect(journal.takeAdopted(10)).toHaveLength(10)
    expect(losses).toEqual([])
  })

  it('are known to the next export thread of the same process', () => {
    const spans = spansOf(3)
    for (let generation = 0; generation < 3; generation++) {
      const { journal } = openTestJournal(folder, { owner: thisOwner('00000001', generation) })
      if (generation === 0) journal.record(spans)
      else journal.recover()
      journal.sending(generation === 0 ? spans : journal.takeOwn(10))
    }
    const { journal, losses } = journalOf({ owner: thisOwner('00000001', 3) })
    expect([journal.recover(), journal.unsettled, losses]).toEqual([3, 0, ['deadly 3 own']])
  })

  it('leave one note for an outage, however often they are sent', () => {
    const { journal, files, path } = journalOf()
    const spans = spansOf(2)
    journal.record(spans)
    for (let request = 0; request < 100; request++) {
      journal.sending(spans)
      journal.survived()
    }
    expect(readFileSync(path(files()[0]!), 'utf8').split('\n').slice(3)).toEqual(['?0-1', '=0-1', ''])
  })
})

describe('recording', () => {
  it('creates nothing before the first span, then one file that only its owner can read', () => {
    const { journal, files, path } = journalOf()
    expect(files()).toEqual([])
    journal.record(spansOf(3))
    const [file, ...others] = files()
    expect(others).toEqual([])
    expect(statSync(path(file!)).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'journal')).mode & 0o777).toBe(0o700)
    expect(journal.unsettled).toBe(3)
  })

  it('leaves one line on disk when all spans are settled, and nothing when it is closed', () => {
    const { journal, files, path } = journalOf()
    const spans = spansOf(4)
    journal.record(spans)
    journal.settle(spans.slice(0, 2))
    expect(journal.unsettled).toBe(2)
    journal.settle(spans.slice(2))
    expect(journal.unsettled).toBe(0)
    expect(readFileSync(path(files()[0]!), 'utf8').split('\n')).toHaveLength(2)
    const more = spansOf(1)
    journal.record(more)
    journal.settle(more)
    journal.close()
    expect(files()).toEqual([])
  })

  it('closes a segment that has become large, and removes it when it is settled', () => {
    const { journal, files } = journalOf({ limits: { ...SMALL, totalBytes: 100_000 } })
    const spans = spansOf(40)
    for (const span of spans) journal.record([span])
    const before = files().length
    expect(before).toBeGreaterThan(3)
    journal.settle(spans.slice(0, 30))
    expect(files().length).toBeLessThan(before)
    journal.settle(spans.slice(30))
    expect(files()).toHaveLength(1)
  })

  it('writes a portion that is larger than a segment to several', () => {
    const { journal, files } = journalOf({ limits: { ...SMALL, totalBytes: 100_000 } })
    journal.record(spansOf(40))
    expect(files().length).toBeGreaterThan(3)
    expect(journal.unsettled).toBe(40)
  })

  it('goes on in a new file when somebody has removed the old one', () => {
    const { journal, files, path } = journalOf()
    journal.record(spansOf(1))
    unlinkSync(path(files()[0]!))
    journal.record(spansOf(1))
    expect(files()).toHaveLength(1)
  })
})

describe('what a dead process has left', () => {
  it('is adopted, with who recorded it, and removed when it is settled', () => {
    const dead = journalOf(ofDead())
    const spans = spansOf(5)
    dead.journal.record(spans)
    dead.journal.settle([spans[1]!, spans[4]!])
    const { journal, files } = journalOf()
    const adopted = journal.takeAdopted(100)
    expect(idsOf(adopted)).toEqual(idsOf([spans[0]!, spans[2]!, spans[3]!]))
    expect(adopted[0]).toEqual({ ...spans[0], recordedBy: HEADER.recordedBy })
    expect(adopted.every((span) => journal.isAdopted(span) && journal.holds(span))).toBe(true)
    expect(journal.unsettled).toBe(0)
    journal.settle(adopted)
    expect(files()).toEqual([])
  })

  it('is taken in portions, from one segment after the other', () => {
    for (const [index, pid] of [4_000_000_001, 4_000_000_002].entries()) {
      journalOf({ owner: { ...thisOwner(`0000000${index + 2}`, 0), pid } }).journal.record(spansOf(3))
    }
    const { journal } = journalOf()
    expect([2, 2, 2, 2].map((most) => journal.takeAdopted(most).length)).toEqual([2, 2, 2, 0])
  })

  it('is what its adopter leaves for the next, if that dies too', () => {
    journalOf(ofDead()).journal.record(spansOf(4))
    const second = journalOf(ofDead(4_000_000_003))
    second.journal.settle(second.journal.takeAdopted(2))
    const { journal } = journalOf()
    expect(journal.takeAdopted(100)).toHaveLength(2)
  })

  it('stays where its owner lives, or may live', () => {
    journalOf({ owner: thisOwner('00000002', 0) }).journal.record(spansOf(1))
    const elsewhere = { ...thisOwner('00000003', 0), place: '0badcafe', pid: 4_000_000_000 }
    journalOf({ owner: elsewhere }).journal.record(spansOf(1))
    expect(journalOf().journal.takeAdopted(100)).toEqual([])
  })

  it('is adopted from a place where ids mean something else, once nobody has touched it for a minute', () => {
    const elsewhere = journalOf({ owner: { ...thisOwner('00000003', 0), place: '0badcafe' } })
    elsewhere.journal.record(spansOf(1))
    const past = Date.now() / 1000 - 61
    utimesSync(elsewhere.path(elsewhere.files()[0]!), past, past)
    const { journal, files, path } = journalOf()
    expect(journal.takeAdopted(100)).toHaveLength(1)
    expect(Date.now() - statSync(path(files()[0]!)).mtimeMs).toBeLessThan(30_000)
  })

  it('is not sent to another destination', () => {
    const header = { ...HEADER, destination: 'project shop-staging at Google' }
    journalOf({ ...ofDead(), header }).journal.record(spansOf(1))
    const { journal, files } = journalOf()
    expect(journal.takeAdopted(100)).toEqual([])
    expect(files()).toHaveLength(1)
  })

  it('goes to whichever destination is resolved, if none was', () => {
    const header = { ...HEADER, mode: 'unresolved' as const, destination: 'unresolved' }
    journalOf({ ...ofDead(), header }).journal.record(spansOf(1))
    expect(journalOf().journal.takeAdopted(100)).toHaveLength(1)
  })

  it('is told apart from a process that has the same id by now', () => {
    journalOf({ owner: { ...thisOwner('00000002', 0), started: 1 } }).journal.record(spansOf(1))
    expect(journalOf().journal.takeAdopted(100)).toHaveLength(1)
  })

  it('is counted where a line is torn or cannot be read, and the rest is sent', () => {
    const dead = journalOf(ofDead())
    dead.journal.record(spansOf(3))
    const file = dead.path(dead.files()[0]!)
    truncateSync(file, statSync(file).size - 20)
    const { journal, losses, files } = journalOf()
    const adopted = journal.takeAdopted(100)
    expect(adopted).toHaveLength(2)
    expect(losses).toEqual(['unreadable 1'])
    journal.settle(adopted)
    expect(files()).toEqual([])
  })

  it('is counted where Cloud Trace would refuse it, by the age of the span or of the file', () => {
    const day = 24 * 3600_000
    const dead = journalOf(ofDead())
    dead.journal.record([makeSpan({ end: Date.now() - 15 * day }), makeSpan()])
    const old = dead.files()[0]!.replace(/^\d+/, String(Date.now() - 15 * day))
    writeFileSync(dead.path(old), readFileSync(dead.path(dead.files()[0]!)))
    const { journal, losses } = journalOf()
    expect(journal.takeAdopted(100)).toHaveLength(1)
    expect(losses.toSorted()).toEqual(['too_old 1', 'too_old 2'])
  })
})

describe('files that are no segments', () => {
  it.each([
    { title: 'garbage', text: '\u0000\u0001\u0002' },
    { title: 'another format', text: '{"format":"zen-telemetry-journal/9"}\n{}\n' },
    { title: 'a segment of another destination', text: '' },
  ])('are set aside and said once: $title', ({ text }) => {
    const dead = journalOf(ofDead())
    dead.journal.record(spansOf(1))
    const file = dead.path(dead.files()[0]!)
    const other = readFileSync(file, 'utf8').replace('shop-production', 'shop-staging')
    writeFileSync(file, text || other)
    writeFileSync(file.replace(/-[0-9a-f]{8}\./, '-00000000.'), text || other)
    const { journal, lines, files } = journalOf()
    expect(journal.takeAdopted(100)).toEqual([])
    expect(files().every((name) => name.endsWith('.unreadable'))).toBe(true)
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual([
      expect.stringContaining('no segment of this format'),
    ])
  })

  it('are kept only up to a handful', () => {
    const dead = journalOf(ofDead())
    dead.journal.record(spansOf(1))
    const name = dead.files()[0]!
    for (let number = 0; number < 9; number++) {
      writeFileSync(dead.path(name.replace(/-[0-9a-f]{8}\./, `-0000000${number}.`)), 'garbage')
    }
    const { journal, files } = journalOf()
    expect(journal.takeAdopted(100)).toHaveLength(1)
    expect(files().filter((file) => file.endsWith('.unreadable'))).toHaveLength(5)
  })

  it('are left alone under a name of their own, and where they are links or folders', () => {
    const dead = journalOf(ofDead())
    dead.journal.record(spansOf(1))
    const file = dead.path(dead.files()[0]!)
    const secret = join(folder, 'secret')
    writeFileSync(secret, readFileSync(file))
    unlinkSync(file)
    symlinkSync(secret, file)
    mkdirSync(file.replace(/-[0-9a-f]{8}\./, '-00000000.'))
    writeFileSync(dead.path('notes.txt'), 'mine')
    const { journal, files } = journalOf()
    expect(journal.takeAdopted(100)).toEqual([])
    expect(files()).toHaveLength(3)
    expect(lstatSync(file).isSymbolicLink()).toBe(true)
  })
})

describe('an earlier export thread of the same queue', () => {
  it('is recovered whole, as spans of this process', () => {
    const spans = spansOf(3)
    const first = journalOf({ owner: thisOwner('00000001', 0) })
    first.journal.record(spans)
    first.journal.settle([spans[0]!])
    const { journal, files } = journalOf({ owner: thisOwner('00000001', 1) })
    expect(journal.recover()).toBe(2)
    expect(journal.unsettled).toBe(2)
    expect(journal.takeAdopted(100)).toEqual([])
    const own = journal.takeOwn(100)
    expect(idsOf(own)).toEqual(idsOf(spans.slice(1)))
    expect(own.some((span) => journal.isAdopted(span))).toBe(false)
    journal.settle(own)
    expect(files()).toEqual([])
  })

  it('is not the thread of another queue of this process', () => {
    journalOf({ owner: thisOwner('00000002', 0) }).journal.record(spansOf(1))
    expect(journalOf({ owner: thisOwner('00000001', 1) }).journal.recover()).toBe(0)
  })
})

describe('spans that memory has no room for', () => {
  it('wait on disk and are read back, oldest first', () => {
    const { journal } = journalOf()
    const spans = spansOf(6)
    journal.record(spans)
    expect(journal.park(spans.slice(1))).toBe(5)
    expect(journal.holds(spans[1]!)).toBe(false)
    const back = journal.takeOwn(3)
    expect(idsOf(back)).toEqual(idsOf(spans.slice(1, 4)))
    journal.settle([spans[0]!, ...back])
    expect(journal.unsettled).toBe(2)
    journal.settle(journal.takeOwn(100))
    expect(journal.unsettled).toBe(0)
  })

  it('are counted if somebody has removed the file', () => {
    const { journal, files, path, losses } = journalOf()
    const spans = spansOf(4)
    journal.record(spans)
    journal.park(spans)
    unlinkSync(path(files()[0]!))
    expect(journal.takeOwn(3)).toEqual([])
    expect(losses).toEqual(['journal_full 4 own'])
    expect(journal.unsettled).toBe(0)
  })

  it('are removed when telemetry is switched off', () => {
    const { journal, files, path } = journalOf()
    const spans = spansOf(4)
    journal.record(spans)
    journal.park(spans.slice(0, 3))
    journal.settle(spans.slice(3))
    expect(journal.discardParked()).toBe(3)
    expect(readFileSync(path(files()[0]!), 'utf8').split('\n')).toHaveLength(2)
  })
})

describe('a folder that is full', () => {
  it('loses its oldest segments, those of dead processes first, and counts what was in them', () => {
    const dead = journalOf({ ...ofDead(), limits: { ...SMALL, totalBytes: 100_000 } })
    for (let number = 0; number < 60; number++) dead.journal.record(spansOf(1))
    const before = dead.files().length
    const { journal, losses, files } = journalOf({ limits: SMALL })
    journal.record(spansOf(1))
    expect(files().length).toBeLessThan(before)
    expect(losses.length).toBeGreaterThan(0)
    const bytes = files().reduce((sum, file) => sum + statSync(join(folder, 'journal', file)).size, 0)
    expect(bytes).toBeLessThanOrEqual(SMALL.totalBytes)
    const lost = losses.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)
    expect(journal.takeAdopted(100).length + lost).toBe(60)
  })

  it('bounds the number of files as well', () => {
    for (let number = 0; number < 5; number++) {
      journalOf(ofDead(4_000_000_000 + number)).journal.record(spansOf(1))
    }
    const { journal, files, losses } = journalOf({ limits: { ...SMALL, files: 3 } })
    journal.record(spansOf(1))
    expect(files()).toHaveLength(3)
    expect(losses).toEqual(['journal_full 1', 'journal_full 1', 'journal_full 1'])
  })
})

describe('a disk that fails', () => {
  it.each([
    { title: 'a file stands in the way', prepare: () => writeFileSync(join(folder, 'journal'), '') },
    {
      title: 'the folder is a link',
      prepare: () => {
        mkdirSync(join(folder, 'elsewhere'))
        symlinkSync(join(folder, 'elsewhere'), join(folder, 'journal'))
      },
    },
  ])('is one warning, and memory goes on: $title', ({ prepare }) => {
    prepare()
    const { journal, lines } = journalOf()
    const spans = spansOf(2)
    for (const span of spans) journal.record([span])
    expect(journal.holds(spans[0]!)).toBe(false)
    journal.settle(spans)
    expect(lines.filter((line) => line.startsWith('warn'))).toEqual([
      expect.stringMatching(/^warn: the journal ".*" cannot be used .*ZEN_TELEMETRY_DIR/),
    ])
    rmSync(join(folder, 'journal'))
  })

  it('makes a folder private that others could enter', () => {
    mkdirSync(join(folder, 'journal'))
    chmodSync(join(folder, 'journal'), 0o777)
    journalOf().journal.record(spansOf(1))
    expect(statSync(join(folder, 'journal')).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(folder, 'journal'))).toHaveLength(1)
  })
})
