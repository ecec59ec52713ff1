import { cpSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLocalSpans } from '../support/local-spans.ts'
import type { NodeLine } from '../support/node-lines.ts'
import { repository } from '../support/repository.ts'
import { type Ended, runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'
import type { WayToLoad } from '../support/ways-to-load.ts'
import { drawSpans } from './draw-spans.ts'
import type { Shape, ShapeRun } from './shape.ts'

/** A copy of a shape's application, ready to be started. */
export interface Installed {
  readonly folder: string
  /** The `node_modules` that `{packages}` stands for. */
  readonly packages: string
}

/** What one start of an application did. */
export interface Outcome {
  readonly ended: Ended
  readonly spans: readonly string[]
}

/**
 * Copies a shape's application.
 *
 * @param shape which
 * @param above folder to copy it into, in whose `node_modules` third-party packages are; without it, a temporary one
 */
export function installShape(shape: Shape, above?: string): Installed {
  const folder = realpathSync(mkdtempSync(join(above ?? tmpdir(), `shape-${shape.name}-`)))
  cpSync(shape.folder, folder, { recursive: true, verbatimSymlinks: true })
  return { folder, packages: join(above ?? repository, 'node_modules') }
}

/**
 * Starts an application and waits for its end.
 *
 * @param installed where it is
 * @param run how it is started
 * @param line on which Node
 * @param way how the agent is loaded; without it, not at all
 */
export async function runShape(
  installed: Installed,
  run: ShapeRun,
  line: NodeLine,
  way?: WayToLoad,
): Promise<Outcome> {
  const filled = (text: string): string =>
    text
      .replaceAll('{folder}', installed.folder)
      .replaceAll('{packages}', installed.packages)
      .replaceAll('{project}', join(repository, 'node_modules'))
  const env = localEnvironment()
  const more = Object.entries({ ...run.env }).map(([name, value]) => [name, filled(value)])
  const args = run.args.includes('{agent}') ? run.args : ['{agent}', ...run.args]
  const withAgent = args.flatMap((arg) => (arg === '{agent}' ? (way?.args ?? []) : [filled(arg)]))
  const ended = await runProgram(line.binary, withAgent, {
    cwd: installed.folder,
    env: { ...env, ...Object.fromEntries(more), ...way?.env },
    ...(run.stdin !== undefined && { input: readFileSync(join(installed.folder, run.stdin), 'utf8') }),
  })
  return { ended: comparable(ended, run), spans: drawSpans(readLocalSpans(env.ZEN_TELEMETRY_DIR)) }
}

/** Without what differs between any two runs, and without the `at …` lines of stacks. */
function comparable(ended: Ended, { varies = [] }: ShapeRun): Ended {
  const neutral = (text: string): string =>
    varies.reduce(
      (rest, pattern) => rest.replaceAll(new RegExp(pattern, 'gm'), '<varies>'),
      text.replaceAll(/\(node:\d+\)/g, '(node:<pid>)'),
    )
  return {
    ...ended,
    stdout: neutral(ended.stdout),
    stderr: neutral(ended.stderr).replaceAll(/^ +at .*\n/gm, ''),
  }
}
