import { Argument } from 'commander'
import { explainConsent } from '../../config/consent.ts'
import { clearJournal, type JournalEntry, listJournal } from '../../export/journal/list-journal.ts'
import { type CliCommand, EXIT, type ExitCode, type Invocation } from '../command.ts'
import { readContext } from '../context.ts'
import { resolveHere } from '../resolve-here.ts'
import { sendJournal } from '../send-journal.ts'

const UNITS: readonly (readonly [name: string, milliseconds: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
]
const KILOBYTE = 1024

/** Shows, sends or removes the spans that wait on disk. */
export const journal: CliCommand = {
  name: 'journal',
  summary: 'spans that wait for delivery: list, send or clear them',
  define(command) {
    command
      .addArgument(
        new Argument('[action]', 'what to do').choices(['list', 'send', 'clear']).default('list', 'list'),
      )
      .addHelpText(
        'after',
        '\nsend delivers what ended processes have left for the project that is set here; clear removes it, for all of them.',
      )
  },
  async run(invocation) {
    // Commander leaves the default out of the arguments.
    const [action = 'list'] = invocation.args
    if (action === 'send') return send(invocation)
    return action === 'clear' ? clear(invocation) : list(invocation)
  },
}

function list({ report, ...invocation }: Invocation): ExitCode {
  const { folder } = readContext(invocation)
  const entries = listJournal(folder)
  const spans = entries.reduce((sum, entry) => sum + entry.spans, 0)
  report({ folder, spans, entries }, (style) => [
    ...entries.map(describe),
    style('bold', `${spans} spans wait in ${entries.length} files in ${folder}/journal`),
  ])
  return EXIT.fine
}

function describe({ spans, mode, destination, service, bytes, ageMs, ownerAlive }: JournalEntry): string {
  const size = `${Math.ceil(bytes / KILOBYTE)} KB, ${age(ageMs)} old`
  const owner = ownerAlive ? 'its process runs' : 'waits for the next process'
  if (mode === undefined) return `?     cannot be read (${size})`
  const to = mode === 'unresolved' ? 'whichever destination is found next' : `${destination} (${mode})`
  return `${String(spans).padEnd(5)} of ${service}, for ${to}: ${size}, ${owner}`
}

function age(milliseconds: number): string {
  const [name, unit] = UNITS.find(([, length]) => milliseconds >= length) ?? ['s', 1000]
  return `${Math.floor(milliseconds / unit)} ${name}`
}

function clear({ report, ...invocation }: Invocation): ExitCode {
  const { folder } = readContext(invocation)
  const cleared = clearJournal(folder)
  report({ folder, ...cleared }, () => [
    `${cleared.spans} spans in ${cleared.files} files were removed.`,
    ...(cleared.left > 0
      ? [`${cleared.left} files belong to processes that run, and were left to them.`]
      : []),
  ])
  return EXIT.fine
}

async function send({ report, ...invocation }: Invocation): Promise<ExitCode> {
  const { environment, terminal } = invocation
  const { config, consent } = readContext(invocation)
  if (!consent.on) throw new Error(`telemetry is off: ${explainConsent(consent)}`)
  const { destination, warnings } = await resolveHere(config, environment)
  for (const warning of warnings) terminal.note(warning)
  if (destination.mode !== 'private') {
    throw new Error(
      destination.mode === 'public'
        ? 'in public mode programs send by themselves, at most once a minute, to spare the quota that everybody shares'
        : 'no project was found to send to: set GOOGLE_CLOUD_PROJECT',
    )
  }
  const sent = await sendJournal(config, destination, environment, terminal.note)
  if (!sent) {
    throw new Error(`ZEN_TELEMETRY_EXPORTER=${config.exporter} sends nothing: unset it`)
  }
  report(sent, () => [
    `${sent.delivered} spans delivered, ${sent.dropped} dropped, ${sent.left} could not be delivered and wait on.`,
  ])
  return sent.dropped + sent.left > 0 ? EXIT.findings : EXIT.fine
}
