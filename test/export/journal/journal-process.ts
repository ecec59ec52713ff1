/** A process with a journal: `record` writes spans until it is killed; `adopt` takes what it gets and prints their ids. */
import { openJournal } from '../../../src/export/journal/journal.ts'
import { thisOwner } from '../../../src/export/journal/segment-owner.ts'
import { createLogger } from '../../../src/shared/log.ts'
import { makeSpan } from '../exporters/make-span.ts'
import { HEADER } from './open-test-journal.ts'

const [, , job, stateFolder = ''] = process.argv
const journal = openJournal({
  stateFolder,
  owner: thisOwner('0000000a', 0),
  header: HEADER,
  log: createLogger('warn'),
  onLost: (reason, count) => process.stdout.write(`lost ${reason} ${count}\n`),
  limits: { segmentBytes: 1000, totalBytes: 10_000_000, files: 10_000 },
})

if (job === 'record') {
  for (let number = 0; number < 100; number++)
    journal.record([makeSpan({ name: `${process.pid}-${number}` })])
  process.stdout.write('recorded\n')
  setInterval(() => {}, 1000)
} else {
  process.stdout.write('ready\n')
  process.stdin.once('data', () => {
    for (let taken = journal.takeAdopted(3); taken.length > 0; taken = journal.takeAdopted(3)) {
      process.stdout.write(taken.map(({ name }) => `${name}\n`).join(''))
      journal.settle(taken)
    }
    journal.close()
    process.exit()
  })
}
