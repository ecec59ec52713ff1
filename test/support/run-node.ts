import { type Ended, startProgram } from './run-program.ts'

/**
 * Runs Node with these arguments, without anything of this process's `NODE_OPTIONS`, and waits for its end.
 *
 * @param args as on a command line
 */
export async function runNode(args: readonly string[]): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[0] !== 'NODE_OPTIONS' && entry[1] !== undefined,
  )
  return startProgram(process.execPath, args, { cwd: process.cwd(), env: Object.fromEntries(inherited) })
    .ended
}
