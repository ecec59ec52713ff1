import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../config/load-config.ts'

/** A command and how it is run. */
export interface AgentRun {
  readonly command: readonly string[]
  readonly environment: Environment
  readonly cwd: string
  /** Where its stdout goes: where the tool's goes, or to the tool's stderr. */
  readonly stdout: 'inherit' | 'stderr'
}

const STDERR = 2
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs a command with the agent in every Node process of it.
 *
 * @returns its exit code; 128 and the number of the signal, as a shell has it, if one ended it. Rejects if the command
 *   cannot be started
 */
export function runWithAgent({ command, environment, cwd, stdout }: AgentRun): Promise<number> {
  const [file = '', ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      cwd,
      env: { ...environment, NODE_OPTIONS: withAgent(environment['NODE_OPTIONS']) },
      stdio: ['inherit', stdout === 'inherit' ? 'inherit' : STDERR, 'inherit'],
    })
    // From a terminal it gets SIGINT itself, and the tool stays to show the rest; a second one does no harm.
    for (const signal of SIGNALS) process.on(signal, () => child.kill(signal))
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
}

/** The path may hold blanks; `NODE_OPTIONS` knows quotes, and backslashes in front of them. */
function withAgent(options: string | undefined): string {
  const register = join(import.meta.dirname, '..', 'register.cjs').replaceAll(/["\\]/g, String.raw`\$&`)
  return [`--require="${register}"`, options].filter(Boolean).join(' ')
}
