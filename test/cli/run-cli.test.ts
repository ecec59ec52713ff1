import { describe, expect, it } from 'vitest'
import { type CliCommand, EXIT } from '../../src/cli/command.ts'
import { runCli } from '../../src/cli/run-cli.ts'
import { recordingTerminal } from './recording-terminal.ts'

const greet: CliCommand = {
  name: 'greet',
  summary: 'say hello',
  define: (command) => command.argument('[name]').option('--loud'),
  run({ args, options, report }) {
    const name = args[0] ?? 'you'
    report({ name }, () => [options['loud'] ? `HELLO ${name}` : `hello ${name}`])
    return name === 'nobody' ? EXIT.findings : EXIT.fine
  },
}
const broken: CliCommand = {
  name: 'broken',
  summary: 'fail',
  run() {
    throw new Error('the disk is full')
  },
}

async function run(...argv: string[]) {
  const { terminal, printed, noted } = recordingTerminal()
  const exitCode = await runCli([greet, broken], { argv, environment: {}, cwd: '/', terminal })
  return { exitCode, printed: printed(), noted: noted() }
}

describe('the command line tool', () => {
  it('runs the command that is named, with its arguments and options', async () => {
    expect(await run('greet', 'ada', '--loud')).toEqual({ exitCode: 0, printed: 'HELLO ada\n', noted: '' })
  })

  it('prints nothing but JSON with --json', async () => {
    const { printed } = await run('greet', '--json')
    expect(JSON.parse(printed)).toEqual({ name: 'you' })
  })

  it('passes on the exit code of the command', async () => {
    expect((await run('greet', 'nobody')).exitCode).toBe(1)
  })

  it('ends in 2, with one line on stderr, when the command could not do its work', async () => {
    expect(await run('broken')).toEqual({
      exitCode: 2,
      printed: '',
      noted: 'zen-telemetry: the disk is full\n',
    })
  })

  it.each([[['gret']], [['greet', 'one', 'two']], [['greet', '--quiet']]])(
    'refuses %j with 2, and says where help is',
    async (argv) => {
      const { exitCode, printed, noted } = await run(...argv)
      expect({ exitCode, printed }).toEqual({ exitCode: 2, printed: '' })
      expect(noted).toMatch(/^zen-telemetry: .*\n/)
      expect(noted).toContain('zen-telemetry --help')
    },
  )

  it('suggests the command that was meant', async () => {
    expect((await run('gret')).noted).toContain('Did you mean greet?')
  })

  it.each([[[]], [['--help']], [['help']]])('lists the commands for %j', async (argv) => {
    const { exitCode, printed, noted } = await run(...argv)
    expect({ exitCode, noted }).toEqual({ exitCode: 0, noted: '' })
    expect(printed).toContain('greet')
    expect(printed).toContain('Exit codes:')
  })
})
