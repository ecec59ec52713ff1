import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Contender } from './contender.ts'

/** What one run said: numbers by name. `wall` is added from outside, in milliseconds from start to end. */
export type Sample = Readonly<Record<string, number>>

const MOST_MS = 120_000

/**
 * Runs a program to its end. It writes one object of numbers, as JSON, to file descriptor 3.
 *
 * @param binary the Node to run it with
 * @throws Error if it fails, says nothing on descriptor 3, or says something on stderr that it should not
 */
export function runProgram(binary: string, contender: Contender): Sample {
  const { flags, program, args = [], env } = contender
  const start = process.hrtime.bigint()
  const { status, signal, output, error } = spawnSync(binary, [...flags, program, ...args], {
    cwd: dirname(program),
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: MOST_MS,
    killSignal: 'SIGKILL',
  })
  const wall = Number(process.hrtime.bigint() - start) / 1e6
  if (error) throw error
  const numbers = output[3] ?? ''
  const said = output[2]?.trim() ?? ''
  if (status !== 0 || numbers === '' || (said !== '' && contender.talks !== true)) {
    throw new Error(
      `${contender.title}: code ${status ?? signal}; it said: ${said.slice(0, 2000) || 'nothing'}`,
    )
  }
  return { ...(JSON.parse(numbers) as Sample), wall }
}

/**
 * The same with a state folder of its own: runs that send thousands of spans would share the limits of the machine with
 * those before them.
 *
 * @param folder where the state folders are made
 */
export function runProgramAfresh(binary: string, contender: Contender, folder: string): Sample {
  const state = mkdtempSync(join(folder, 'state-'))
  return runProgram(binary, { ...contender, env: { ...contender.env, ZEN_TELEMETRY_DIR: state } })
}
