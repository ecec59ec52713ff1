import { registerFiles } from './packed-agent.ts'

/** One way of starting the agent with an application. */
export interface WayToLoad {
  readonly title: string
  /** Arguments before the program. */
  readonly args: readonly string[]
  /** Variables to add. */
  readonly env: Readonly<Record<string, string>>
}

/** The four ways of the README; with `NODE_OPTIONS`, by absolute path. */
export const WAYS_TO_LOAD: readonly WayToLoad[] = [
  { title: '--require', args: ['--require', registerFiles.cjs], env: {} },
  { title: '--import', args: ['--import', registerFiles.mjs], env: {} },
  { title: 'NODE_OPTIONS=--require', args: [], env: { NODE_OPTIONS: `--require=${registerFiles.cjs}` } },
  { title: 'NODE_OPTIONS=--import', args: [], env: { NODE_OPTIONS: `--import=${registerFiles.mjs}` } },
]
