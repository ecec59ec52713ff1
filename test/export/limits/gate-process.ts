/** A process that sends as much as the gate lets through, and prints what it was let. Arguments: folder, spans a request. */
import { openLimits } from '../../../src/export/limits/open-limits.ts'

const [folder = '', spans = '1'] = process.argv.slice(2)
const { gate } = openLimits({ mode: 'public', folder, onBudget: () => {}, onWait: () => {} })

async function sendForever(): Promise<never> {
  for (;;) {
    const number = await gate.enter(Number(spans), 100)
    // Before anything else: a process that is killed has sent what it says, or less.
    process.stdout.write(`${spans}\n`)
    if (number !== undefined) gate.leave(number, { kind: 'accepted' })
  }
}

void sendForever()
