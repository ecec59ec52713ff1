import { describe, expect, it } from 'vitest'
import { nodeLines } from '../support/node-lines.ts'
import { WAYS_TO_LOAD } from '../support/ways-to-load.ts'
import { type Installed, installShape, type Outcome, runShape } from './run-shape.ts'
import { type Section, type Shape, type ShapeRun, shapesOf } from './shape.ts'

const FLAGS = ['--require', '--import']

/**
 * Makes the tests of a section: every start of every shape, on every Node line, without the agent, with `--require` and
 * with `--import`.
 *
 * @param section which shapes
 * @param above a folder whose `node_modules` hold the third-party packages that the shapes need
 */
export function testShapes(section: Section, above?: () => string): void {
  const lines = nodeLines()
  describe.each(shapesOf(section))('$name: $about', (shape) => {
    let installed: Installed | undefined
    const place = (): Installed => (installed ??= installShape(shape, above?.()))
    for (const run of shape.runs) {
      for (const line of lines.filter(({ major }) => run.lines?.includes(major) ?? true)) {
        let plain: Promise<Outcome> | undefined
        for (const way of WAYS_TO_LOAD.filter(({ title }) => (run.ways ?? FLAGS).includes(title))) {
          it(`${titleOf(run, shape)} on Node ${line.major} by ${way.title}`, async () => {
            const without = await (plain ??= runShape(place(), run, line))
            expect(without.ended).toMatchObject(run.end ?? { code: 0, signal: null })
            const traced = await runShape(place(), run, line, way)
            expect(traced.ended).toEqual(without.ended)
            expect(traced.spans).toEqual(run.spans)
          })
        }
      }
    }
  })
}

function titleOf({ args, stdin }: ShapeRun, { runs }: Shape): string {
  return runs.length === 1 ? 'behaves' : [...args, ...(stdin === undefined ? [] : [`< ${stdin}`])].join(' ')
}
