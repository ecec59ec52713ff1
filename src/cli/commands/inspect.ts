import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { explainConsent } from '../../config/consent.ts'
import type { ShownRequest } from '../../export/exporters/write-request.ts'
import { type CliCommand, EXIT } from '../command.ts'
import { readContext } from '../context.ts'
import { followLines } from '../follow-lines.ts'
import { runWithAgent } from '../run-with-agent.ts'
import type { Terminal } from '../terminal.ts'

/** Runs an application and shows its requests instead of making them. */
export const inspect: CliCommand = {
  name: 'inspect',
  summary: 'run an application, print exactly what it would send, and send nothing',
  define(command) {
    command
      .argument('<command...>', 'what to run, such as: -- node app.js')
      .option('--all', 'record every call, not only those that are sampled')
      .passThroughOptions()
      .addHelpText(
        'after',
        '\nWith --json, each request is one line: its address, its bytes in base64, and the same for people.\n' +
          "The application's own stdout goes to stderr then.",
      )
  },
  async run({ args, options, environment, cwd, json, terminal }) {
    const { consent } = readContext({ environment, cwd })
    if (!consent.on) terminal.note(`Telemetry is off: ${explainConsent(consent)}. So nothing will be shown.`)
    const folder = mkdtempSync(join(tmpdir(), 'zen-telemetry-'))
    const file = join(folder, 'requests')
    let requests = 0
    const lines = followLines(file, (line) => {
      requests += 1
      terminal.print(json ? line : forPeople(JSON.parse(line) as ShownRequest, terminal.style))
    })
    try {
      const all = options['all'] ? { ZEN_TELEMETRY_SAMPLE_RATE: '1' } : {}
      const code = await runWithAgent({
        command: args,
        environment: { ...environment, ...all, ZEN_TELEMETRY_INSPECT_FILE: file },
        cwd,
        stdout: json ? 'stderr' : 'inherit',
      })
      lines.close()
      terminal.note(summary(requests, options['all'] === true))
      if (code !== 0) terminal.note(`The application ended with code ${code}.`)
      return code === 0 ? EXIT.fine : EXIT.findings
    } finally {
      lines.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

function forPeople({ to, type, bytes, readable }: ShownRequest, style: Terminal['style']): string {
  return `${style('bold', `not sent to ${to}: ${bytes} bytes, ${type}`)}\n${JSON.stringify(readable, undefined, 2)}`
}

function summary(requests: number, all: boolean): string {
  if (requests > 0) return `${requests} ${requests === 1 ? 'request' : 'requests'}; nothing was sent.`
  const hint = all ? '' : ' A tenth of the calls is recorded at first: --all shows every one.'
  return `There is nothing that would be sent: no call was recorded.${hint}`
}
