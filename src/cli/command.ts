import type { Command } from 'commander'
import type { Environment } from '../config/load-config.ts'
import type { Style, Terminal } from './terminal.ts'

/** How a command ended: all is well, there is something to look at, it could not do its work. */
export const EXIT = { fine: 0, findings: 1, failed: 2 } as const
/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** What a command is run with. */
export interface Invocation {
  /** What stands on the command line behind the name of the command, options taken out. */
  readonly args: readonly string[]
  /** The command's own options, by their names in camel case. */
  readonly options: Readonly<Record<string, unknown>>
  readonly environment: Environment
  /** Absolute. */
  readonly cwd: string
  readonly terminal: Terminal
  /** Whether `--json` was given: then stdout holds JSON and nothing else. */
  readonly json: boolean
  /**
   * Prints the outcome of a command: with `--json` the data, otherwise the lines.
   *
   * @param data anything that JSON can hold; part of what the command promises to scripts
   * @param lines for people
   */
  report(data: unknown, lines: (style: Style) => readonly string[]): void
}

/** One command of `zen-telemetry`. */
export interface CliCommand {
  readonly name: string
  /** One line, for the list of commands. */
  readonly summary: string
  /** Adds arguments, options and help of its own; `--json` and `--help` are there already. */
  define?(command: Command): void
  /** Does the work. What it throws is shown as one line, and ends in exit code 2. */
  run(invocation: Invocation): ExitCode | Promise<ExitCode>
}
