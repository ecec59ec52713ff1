#!/usr/bin/env node
/** The command line tool `zen-telemetry`. */
import { config } from './commands/config.ts'
import { disable } from './commands/disable.ts'
import { doctor } from './commands/doctor.ts'
import { enable } from './commands/enable.ts'
import { journal } from './commands/journal.ts'
import { status } from './commands/status.ts'
import { inspect } from './commands/inspect.ts'
import { smokeTest } from './commands/smoke-test.ts'
import { report } from './commands/report.ts'
import { traces } from './commands/traces.ts'
import { validate } from './commands/validate.ts'
import { view } from './commands/view.ts'
import { runCli } from './run-cli.ts'
import { createTerminal } from './terminal.ts'

const COMMANDS = [
  status,
  report,
  doctor,
  validate,
  smokeTest,
  inspect,
  config,
  enable,
  disable,
  traces,
  view,
  journal,
]

void runCli(COMMANDS, {
  argv: process.argv.slice(2),
  environment: process.env,
  cwd: process.cwd(),
  terminal: createTerminal(process.stdout, process.stderr, process.env),
}).then((exitCode) => {
  // All is written by now; what a library still holds open must not keep the shell waiting.
  process.exit(exitCode)
})
