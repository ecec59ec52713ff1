import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** What a program cost. */
export interface ProgramCost {
  readonly code: number | null
  readonly milliseconds: number
  /** Most memory the process held, in megabytes; undefined where the system does not tell. */
  readonly peakMegabytes: number | undefined
}

const LOOK_EVERY_MS = 100
const KILOBYTES = 1024

/** Runs a program to its end, its output discarded, and measures it from outside. */
export async function measureProgram(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string | undefined>>,
  cwd: string,
): Promise<ProgramCost> {
  const start = performance.now()
  const [name, ...args] = command
  const child = spawn(name, args, { cwd, env: { ...environment }, stdio: 'ignore' })
  let peak: number | undefined
  const look = (): void => {
    peak = peakOf(child.pid) ?? peak
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('spawn', look)
      child.on('error', (error) => reject(new Error(`${name} cannot be started: ${error.message}`)))
      child.on('close', resolve)
    })
    return { code, milliseconds: performance.now() - start, peakMegabytes: peak }
  } finally {
    clearInterval(timer)
  }
}

/** Linux keeps the peak itself, so looking now and then is enough. */
function peakOf(pid: number | undefined): number | undefined {
  const file = `/proc/${pid}/status`
  try {
    if (pid === undefined || !existsSync(file)) return undefined
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(file, 'utf8')) ?? []
    return kilobytes === undefined ? undefined : Number(kilobytes) / KILOBYTES
  } catch {
    return undefined
  }
}
