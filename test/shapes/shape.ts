import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../support/repository.ts'

/** Which test file runs a shape. */
export type Section = 'modules' | 'methods' | 'starts' | 'third-party'

/** One start of a shape's application. */
export interface ShapeRun {
  /**
   * The command line. `{agent}` stands for the flag that loads the agent, which comes first where it is not named;
   * `{folder}` for the application's folder, `{project}` for the `node_modules` of this project, `{packages}` for the
   * same or, in third-party shapes, for those of that folder.
   */
  readonly args: readonly string[]
  /** File of the application that is given to standard input; without it, there is none. */
  readonly stdin?: string
  /** Variables to add. */
  readonly env?: Readonly<Record<string, string>>
  /** How the agent is loaded; without it, by each of the two flags. */
  readonly ways?: readonly string[]
  /** Node lines that can run it; without it, all. */
  readonly lines?: readonly number[]
  /** How the process is expected to end; without it, with exit code 0. */
  readonly end?: { readonly code: number | null; readonly signal: string | null }
  /** Regular expressions of what differs between two runs anyway, such as durations. */
  readonly varies?: readonly string[]
  /** The spans, drawn as {@link drawSpans} does. */
  readonly spans: readonly string[]
}

/** A believable application of one form, and what is expected of it. */
export interface Shape {
  readonly name: string
  readonly folder: string
  readonly section: Section
  /** What form this is. */
  readonly about: string
  readonly runs: readonly ShapeRun[]
}

const SHAPES = join(repository, 'fixtures', 'shapes')

/** Reads the shapes of a section: each is a folder below `fixtures/shapes` with an `expected.json`. */
export function shapesOf(section: Section): readonly Shape[] {
  return readdirSync(SHAPES)
    .filter((name) => existsSync(join(SHAPES, name, 'expected.json')))
    .map((name): Shape => {
      const folder = join(SHAPES, name)
      const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Omit<
        Shape,
        'name' | 'folder'
      >
      return { ...expected, name, folder }
    })
    .filter((shape) => shape.section === section)
}
