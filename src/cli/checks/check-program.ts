import { dirname, join } from 'node:path'
import type { Environment } from '../../config/load-config.ts'
import { type Finding, finding } from '../findings/finding.ts'
import { observeCommand, type ObservedProgram, rebuildWithout, withAgent } from './observed-program.ts'
import { programOutcome } from './program-outcome.ts'
import { badEnding, type ObservedRun, runObserved } from './run-observed.ts'

/** What a program is checked with. */
export interface ProgramInput {
  readonly command: readonly [string, ...string[]]
  readonly environment: Environment
  readonly cwd: string
  /** `register.cjs` of this package, for a command that does not load the agent. */
  readonly register: string
  readonly seconds: number | undefined
  readonly onOutput: (text: string) => void
}

const TOO_OLD = /^Node (\S+) is too old/
const PATCHED = /^patched (\S+) in (.+)$/
const LEFT = /cannot be changed; its calls are not traced$/
const TRACED_CLASS = 'ZenOrchestrator'
const PACKAGE_IN_BUNDLE = /node_modules\/((?:@zen\/[\w.-]+)|zen)\//

/** Starts a program with the agent in it, as it will be started, and says what the agent found there. */
export async function checkProgram(input: ProgramInput): Promise<Finding[]> {
  const program = observeCommand(input.command, input.environment, input.cwd)
  const adding = !program.preloaded && !program.loadsItself
  const run = await runObserved({
    ...input,
    environment: {
      ...input.environment,
      ZEN_TELEMETRY_LOG_LEVEL: 'debug',
      ...(adding && {
        NODE_OPTIONS: `${input.environment['NODE_OPTIONS'] ?? ''} --require=${input.register}`.trim(),
      }),
    },
  })
  const start = withAgent(program, input.register)
  const ending = badEnding(run)
  return [
    ...explainRun(program, run, start),
    ...(adding ? [finding('agent-not-in-command', { command: start })] : []),
    ...(ending === undefined ? [] : [finding('program-failed', { how: ending })]),
  ]
}

function explainRun(program: ObservedProgram, { said }: ObservedRun, start: string): Finding[] {
  const messages = said.map(({ message }) => message)
  const tooOld = messages.map((message) => TOO_OLD.exec(message)?.[1]).find(Boolean)
  if (tooOld !== undefined)
    return [finding('node-too-old', { version: tooOld, folder: dirname(process.execPath) })]
  const patched = patchedIn(messages)
  const warnings = said
    .filter(({ level }) => level === 'warn' || level === 'error')
    .map(({ message }) => finding('agent-warning', { message }))
  if (patched.length === 0) return [reasonNothingPatched(program, start), ...warnings]
  const left = messages
    .filter((message) => LEFT.test(message))
    .map((what) => finding('target-left', { what }))
  const outcome = programOutcome(messages)
  // Where the agent warned, that is the answer.
  const told = outcome.code === 'no-calls' && warnings.length > 0
  return [...patched, ...left, ...warnings, ...(told ? [] : [outcome])]
}

function patchedIn(messages: readonly string[]): Finding[] {
  const files = new Map<string, string[]>()
  for (const message of messages) {
    const [, name, file] = PATCHED.exec(message) ?? []
    if (name !== undefined && file !== undefined) files.set(file, [...(files.get(file) ?? []), name])
  }
  return [...files].map(([file, names]) => finding('target-patched', { file, names: names.join(', ') }))
}

function reasonNothingPatched(program: ObservedProgram, start: string): Finding {
  const { file, text, loadsItself, preloaded } = program
  if (file !== undefined && loadsItself && !preloaded) {
    return finding('agent-late', { program: file, command: start })
  }
  if (
    file !== undefined &&
    new RegExp(String.raw`class ${TRACED_CLASS}\b|\b${TRACED_CLASS} = class\b`).test(text)
  ) {
    const inside = PACKAGE_IN_BUNDLE.exec(text)?.[1] ?? 'zen'
    return finding('target-bundled', { file, build: rebuildWithout(file, inside) ?? '' })
  }
  return finding('target-not-found')
}

/** `register.cjs`, beside the folder that this bundle is in. */
export function registerFile(bundleFolder: string): string {
  return join(dirname(bundleFolder), 'register.cjs')
}
