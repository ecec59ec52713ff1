import { Command, CommanderError } from 'commander'
import type { Environment } from '../config/load-config.ts'
import { messageOf } from '../shared/errors.ts'
import { VERSION } from '../shared/version.ts'
import { type CliCommand, EXIT, type ExitCode } from './command.ts'
import type { Terminal } from './terminal.ts'

/** What the tool is run with. */
export interface CliInput {
  /** Without Node and the script. */
  readonly argv: readonly string[]
  readonly environment: Environment
  readonly cwd: string
  readonly terminal: Terminal
}

const NAME = 'zen-telemetry'
const EXIT_CODES = `
Exit codes: 0 all is well, 1 there is something to look at, 2 the command could not do its work.`

/**
 * Reads the command line and runs the command it names. Rejects never.
 *
 * @param commands in the order that `--help` lists them
 * @param input command line, environment, terminal
 * @returns the exit code of the process
 */
export async function runCli(commands: readonly CliCommand[], input: CliInput): Promise<ExitCode> {
  const { terminal } = input
  let exitCode: ExitCode = EXIT.fine
  const program = new Command(NAME)
    .description('See, check and switch what @zen/telemetry does on this machine.')
    .version(VERSION)
    .enablePositionalOptions()
    .addHelpText('after', EXIT_CODES)
  prepare(program, terminal)
  for (const command of commands) {
    const sub = program.command(command.name).description(command.summary)
    prepare(sub, terminal)
    command.define?.(sub)
    sub.option('--json', 'print JSON')
    sub.action(async () => {
      exitCode = await command.run(invocationOf(sub, input))
    })
  }

  try {
    await program.parseAsync(input.argv.length > 0 ? [...input.argv] : ['--help'], { from: 'user' })
    return exitCode
  } catch (thrown) {
    // Help and version end by such an error too, with nothing wrong; what is wrong was printed already.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.fine : EXIT.failed
    terminal.note(`${NAME}: ${messageOf(thrown)}`)
    return EXIT.failed
  }
}

function prepare(command: Command, terminal: Terminal): void {
  command.exitOverride().allowExcessArguments(false).showSuggestionAfterError()
  command.configureOutput({
    writeOut: (text) => terminal.print(text.trimEnd()),
    writeErr: (text) => terminal.note(text.trimEnd()),
    outputError: (text, write) => write(`${NAME}: ${text.replace(/^error: /, '')}See ${NAME} --help.`),
  })
}

function invocationOf(command: Command, { environment, cwd, terminal }: CliInput) {
  const { json = false, ...options } = command.opts<{ json?: boolean } & Record<string, unknown>>()
  return {
    args: command.args,
    options,
    environment,
    cwd,
    terminal,
    json,
    report: (data: unknown, lines: (style: Terminal['style']) => readonly string[]): void =>
      void terminal.print(json ? JSON.stringify(data, undefined, 2) : lines(terminal.style).join('\n')),
  }
}
