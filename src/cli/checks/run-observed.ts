import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** What the agent said in a program, and how the program ended. */
export interface ObservedRun {
  /** Messages of the agent, in order. */
  readonly said: readonly { readonly level: string; readonly message: string }[]
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** How a program is run. */
export interface ObserveOptions {
  readonly command: readonly [string, ...string[]]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Seconds after which it is asked to end; undefined: when it ends itself, or is interrupted. */
  readonly seconds: number | undefined
  /** Told what the program itself writes. */
  readonly onOutput: (text: string) => void
}

const SAID = /^\[zen-telemetry\] (\w+): (.*)$/
const FORWARDED = ['SIGINT', 'SIGTERM'] as const

/**
 * Runs a program to its end and keeps what the agent in it says. An interruption ends the program, not this process.
 *
 * @throws Error if the program cannot be started
 */
export async function runObserved(options: ObserveOptions): Promise<ObservedRun> {
  const [name, ...args] = options.command
  const child = spawn(name, args, {
    cwd: options.cwd,
    env: { ...options.environment },
    stdio: ['inherit', 'pipe', 'pipe'],
  })
  const said: { level: string; message: string }[] = []
  let rest = ''

  function take(line: string): void {
    const [, level, message] = SAID.exec(line) ?? []
    if (level !== undefined && message !== undefined) said.push({ level, message })
    else options.onOutput(`${line}\n`)
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => options.onOutput(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
  })

  const forward = (signal: NodeJS.Signals): boolean => child.kill(signal)
  for (const signal of FORWARDED) process.on(signal, forward)
  const timer =
    options.seconds === undefined
      ? undefined
      : setTimeout(() => child.kill('SIGTERM'), options.seconds * 1000)
  try {
    return await new Promise<ObservedRun>((resolve, reject) => {
      child.on('error', (error) => reject(new Error(`${name} cannot be started: ${error.message}`)))
      child.on('close', (code, signal) => {
        if (rest !== '') take(rest)
        resolve({ said, code, signal })
      })
    })
  } finally {
    clearTimeout(timer)
    for (const signal of FORWARDED) process.off(signal, forward)
  }
}

/** How a program ended, in words; undefined if all is well, or it was asked to end. */
export function badEnding({ code, signal }: Pick<ObservedRun, 'code' | 'signal'>): string | undefined {
  if (code === 0 || signal === 'SIGTERM' || signal === 'SIGINT') return undefined
  if (code === 128 + constants.signals.SIGTERM || code === 128 + constants.signals.SIGINT) return undefined
  return signal === null ? `exit code ${code}` : `signal ${signal}`
}
