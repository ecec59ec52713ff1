import type { Stage } from '../stage.ts'

/** One row of the table. */
export interface Scenario {
  readonly id: string
  readonly title: string
  /** Why this contender has nothing to show here; undefined: it has. */
  readonly without?: (id: Stage['contender']['id']) => string | undefined
  /** Not everything can be delivered here, only counted: a limit stands in the way. */
  readonly mayDrop?: true
  /** So many spans the program makes in 100 ms, which is what a kill may take. */
  readonly mayLose?: number
  /** A small disk is mounted. */
  readonly needsRoot?: true
  /** It is mostly waiting, so that it can be played for all contenders at once. */
  readonly hasOutage?: true
  readonly play: (stage: Stage) => Promise<void>
}

/** Calls that a scenario makes at a time. */
export const CALLS = 100

/** Where the others have nothing to show. */
export const agentOnly = (id: Stage['contender']['id']): string | undefined =>
  id === 'agent' ? undefined : 'has no such thing'

/** Where Google's credentials are what fails. */
export const googleOnly = (id: Stage['contender']['id']): string | undefined =>
  id === 'stock-otlp' ? 'uses no credentials' : undefined
