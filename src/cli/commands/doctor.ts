import { InvalidArgumentError } from 'commander'
import { checkProgram, registerFile } from '../checks/check-program.ts'
import { checkSetUp } from '../checks/check-set-up.ts'
import type { CliCommand } from '../command.ts'
import { readContext } from '../context.ts'
import { exitCodeOf, findingData, findingLines, sortFindings } from '../findings/findings-report.ts'

/** Looks for what keeps spans from arriving, and says how to mend it. */
export const doctor: CliCommand = {
  name: 'doctor',
  summary: 'find what keeps spans from arriving, with fixes to paste: doctor -- node app.js',
  define(command) {
    command
      .argument('[command...]', 'behind --: the program to start and to look at')
      .option('--for <seconds>', 'end the program after so long; it may be interrupted as well', seconds)
      .addHelpText(
        'after',
        `
One span named deployment.smoketest is sent to where the program's spans would go.
A program is really started, as it will be, with ZEN_TELEMETRY_LOG_LEVEL=debug.`,
      )
  },
  async run({ args, options, environment, cwd, terminal, report, json }) {
    const progress = (what: string): void => {
      if (!json) terminal.note(`… ${what}`)
    }
    // The checks complete proxy variables for the libraries in this process; the program gets what the user has.
    const untouched = { ...environment }
    const context = readContext({ environment, cwd })
    const { findings } = await checkSetUp({
      context,
      environment,
      cwd,
      agentFolder: import.meta.dirname,
      progress,
    })
    const [name, ...rest] = args
    if (name !== undefined && context.consent.on) progress(`starting ${args.join(' ')}`)
    const program =
      name === undefined || !context.consent.on
        ? []
        : await checkProgram({
            command: [name, ...rest],
            environment: untouched,
            cwd,
            register: registerFile(import.meta.dirname),
            seconds: options['for'] as number | undefined,
            onOutput: (text) => terminal.note(text.trimEnd()),
          })
    const sorted = sortFindings([...findings, ...program])
    report({ findings: sorted.map(findingData) }, (style) => findingLines(sorted, style))
    return exitCodeOf(sorted)
  },
}

function seconds(text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new InvalidArgumentError('A number of seconds.')
  return value
}
