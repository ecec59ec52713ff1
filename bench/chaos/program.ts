import { type ChildProcess, spawn } from 'node:child_process'

/** The ways in which a program is made to end. */
export type EndKind = 'return' | 'exit' | 'throw' | 'SIGTERM' | 'SIGKILL'

/** How a program ended. */
export interface ProgramEnd {
  /** Exit code, or the signal. */
  readonly exit: string
  /** Milliseconds from the order to the end. */
  readonly took: number
  readonly stderr: string
}

/** A program that runs; see `bench/programs/chaos/program.cjs`. */
export interface Program {
  readonly child: ChildProcess
  /** How many spans its calls should have made so far. */
  readonly made: number
  /** Everything on stderr so far. */
  readonly stderr: string
  /** Makes calls, so many milliseconds apart; settles when they are done. */
  work(calls: number, paceMs?: number): Promise<void>
  /** Makes calls all at once; settles when they are done. */
  burst(calls: number): Promise<void>
  /** Settles when the program has made so many spans. */
  hasMade(spans: number): Promise<void>
  /** Makes it end. */
  end(kind: EndKind): Promise<ProgramEnd>
}

/** A program that does not end by itself is killed, and shows it by that signal. */
const MOST_MS_TO_END = 60_000

/**
 * Starts the program and waits until it listens.
 *
 * @param args for Node, up to the program's file
 */
export async function startProgram(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Program> {
  const child = spawn(process.execPath, [...args], { cwd, env: { ...env }, stdio: ['pipe', 'pipe', 'pipe'] })
  let made = 0
  let done = 0
  let orders = 0
  let ready = false
  let rest = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  child.stdout.on('data', (data: Buffer) => {
    const lines = (rest + data.toString()).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === 'ready') ready = true
      else if (line === 'done') done += 1
      else made += Number(/^made (\d+)$/.exec(line)?.[1] ?? 0)
    }
    for (const watch of watchers) watch()
  })
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()))
  // A program that was killed takes no more orders.
  child.stdin.on('error', () => {})
  const closed = new Promise<string>((resolve) => {
    child.on('close', (code, signal) => {
      for (const watch of watchers) watch()
      resolve(signal ?? String(code))
    })
  })

  function until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const watch = (): void => {
        if (!condition() && child.exitCode === null && child.signalCode === null) return
        watchers.delete(watch)
        resolve()
      }
      watchers.add(watch)
      watch()
    })
  }

  function order(line: string): Promise<void> {
    orders += 1
    const mine = orders
    child.stdin.write(`${line}\n`)
    return until(() => done >= mine)
  }

  async function end(kind: EndKind): Promise<ProgramEnd> {
    const began = performance.now()
    const killer = setTimeout(() => child.kill('SIGKILL'), MOST_MS_TO_END)
    if (kind === 'SIGTERM' || kind === 'SIGKILL') child.kill(kind)
    else child.stdin.write(`${kind}\n`)
    const exit = await closed
    clearTimeout(killer)
    return { exit, took: performance.now() - began, stderr }
  }

  await until(() => ready)
  return {
    child,
    get made() {
      return made
    },
    get stderr() {
      return stderr
    },
    work: (calls, paceMs = 2) => order(`work ${calls} ${paceMs}`),
    burst: (calls) => order(`burst ${calls}`),
    hasMade: (spans) => until(() => made >= spans),
    end,
  }
}
