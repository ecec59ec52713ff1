import { cpSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Laboratory } from './laboratory.ts'
import { runProgram } from './run-program.ts'
import type { Line } from './section.ts'
import { agentFlags, EVERY_CALL } from './this-agent.ts'

const MB = 1e6
/** Nobody listens there. */
const NO_ENDPOINT = '127.0.0.1:1'

/**
 * Makes a state folder in whose journal spans of a dead process wait. The agent itself writes one segment, which is
 * then copied under other names.
 *
 * @param folder is made
 * @param megabytes about how much
 */
export function fillJournal(laboratory: Laboratory, line: Line, folder: string, megabytes: number): void {
  const journal = join(folder, 'journal')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  runProgram(line.binary, {
    id: 'journal',
    title: 'filling the journal',
    program: laboratory.program('bursts.cjs', 'tiny'),
    args: ['8'],
    flags: agentFlags(laboratory, 'cjs'),
    env: {
      ...laboratory.delivering,
      ...EVERY_CALL,
      ZEN_TELEMETRY_DIR: folder,
      ZEN_TELEMETRY_ENDPOINT: NO_ENDPOINT,
      ZEN_TELEMETRY_EXIT_TIMEOUT: '1',
    },
    talks: true,
  })
  const segment = readdirSync(journal).find((name) => name.endsWith('.jsonl'))
  if (segment === undefined) throw new Error('the agent has left nothing in its journal')
  const bytes = statSync(join(journal, segment)).size
  for (let copy = 1; copy * bytes < megabytes * MB; copy++) {
    const random = copy.toString(16).padStart(8, '0')
    cpSync(join(journal, segment), join(journal, segment.replace(/-[0-9a-f]{8}\./, `-${random}.`)))
  }
  if (megabytes === 0) rmSync(join(journal, segment))
}
