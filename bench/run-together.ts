import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Contender } from './contender.ts'
import type { Sample } from './run-program.ts'

/**
 * Runs programs at the same time, for loads so light that they leave the machine mostly idle.
 *
 * @returns what each wrote to file descriptor 3, in the same order
 * @throws Error if one of them fails
 */
export function runTogether(binary: string, contenders: readonly Contender[]): Promise<readonly Sample[]> {
  return Promise.all(contenders.map((contender) => runOne(binary, contender)))
}

async function runOne(binary: string, contender: Contender): Promise<Sample> {
  const { flags, program, args = [], env, title, talks } = contender
  const child = spawn(binary, [...flags, program, ...args], {
    cwd: dirname(program),
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const [numbers, said, code] = await Promise.all([
    text(child.stdio[3] as Readable),
    text(child.stdio[2] as Readable),
    ended,
  ])
  if (code !== 0 || numbers === '' || (said !== '' && talks !== true))
    throw new Error(`${title}: code ${code}; it said: ${said.slice(0, 2000) || 'nothing'}`)
  return JSON.parse(numbers) as Sample
}
