import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

/** How a program ended and what it wrote. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A program that runs. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Settles with all of stdout when it contains a text; rejects if the program ends before. */
  printed(text: string): Promise<string>
  /** The same of stderr. */
  warned(text: string): Promise<string>
}

/** How a program is run. */
export interface RunOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** What stands on its standard input; without it, there is none. */
  readonly input?: string
  /** A program that runs longer is killed, and fails its test by that signal. */
  readonly mostMs?: number
}

const MOST_MS = 40_000

/** Starts a program. */
export function startProgram(command: string, args: readonly string[], options: RunOptions): Running {
  const child = spawn(command, [...args], {
    cwd: options.cwd,
    env: { ...options.env },
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  }) as ChildProcessByStdio<Writable | null, Readable, Readable>
  child.stdin?.end(options.input)
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString()
    for (const watch of watchers) watch()
  })
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString()
    for (const watch of watchers) watch()
  })
  const killer = setTimeout(() => child.kill('SIGKILL'), options.mostMs ?? MOST_MS)
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(killer)
      resolve({ code, signal, stdout, stderr })
    })
  })

  function seen(output: () => string, text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const watch = () => {
        if (!output().includes(text)) return
        watchers.delete(watch)
        resolve(output())
      }
      watchers.add(watch)
      watch()
      void ended.then((end) => reject(new Error(`ended before it wrote "${text}": ${JSON.stringify(end)}`)))
    })
  }

  return {
    child,
    ended,
    printed: (text) => seen(() => stdout, text),
    warned: (text) => seen(() => stderr, text),
  }
}

/** Runs a program to its end. */
export function runProgram(command: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  return startProgram(command, args, options).ended
}
