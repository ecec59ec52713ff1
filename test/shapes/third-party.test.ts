import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { INSTALL_TIMEOUT_MS, installPackages } from '../support/install-packages.ts'
import { nodeLines } from '../support/node-lines.ts'
import { installedAgent } from '../support/packed-agent.ts'
import { runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'
import { WAYS_TO_LOAD } from '../support/ways-to-load.ts'
import { type Installed, installShape, runShape } from './run-shape.ts'
import { shapesOf } from './shape.ts'
import { testShapes } from './test-shapes.ts'

let folder: string
beforeAll(() => {
  folder = installPackages('third-party')
}, INSTALL_TIMEOUT_MS)

testShapes('third-party', () => folder)

const BUNDLERS = [
  { bundler: 'esbuild', extension: 'cjs' },
  { bundler: 'esbuild, minified', extension: 'mjs' },
  { bundler: 'webpack', extension: 'cjs' },
]
const NOTHING = /info: no module was loaded that exports ZenOrchestrator.*call instrument\(ZenOrchestrator\)/g

describe.each(BUNDLERS)('an application that is bundled by $bundler', ({ bundler, extension }) => {
  let installed: Installed
  beforeAll(async () => {
    const shape = shapesOf('starts').find(({ name }) => name === 'bundles')
    if (!shape) throw new Error('the shape is missing')
    installed = installShape(shape, folder)
    cpSync(installedAgent, join(installed.folder, 'node_modules', '@zen', 'telemetry'), { recursive: true })
    for (const name of ['instrumented', 'unlisted']) {
      const args = ['bundle.cjs', bundler, name, `${name}.${extension}`]
      const built = await runProgram(process.execPath, args, {
        cwd: installed.folder,
        env: localEnvironment(),
      })
      expect(built).toMatchObject({ code: 0, stderr: '' })
    }
  })

  const run = (name: string, level: string) => ({
    args: [`built/${name}.${extension}`],
    env: { ZEN_TELEMETRY_LOG_LEVEL: level },
    spans: [],
  })

  const lines = nodeLines()
  describe.each([lines[0]!, lines.at(-1)!])('and runs on Node $major', (line) => {
    const [way, otherWay] = WAYS_TO_LOAD
    it.each([way!, otherWay!])('is traced by instrument(ZenOrchestrator), with $title', async (flag) => {
      const plain = await runShape(installed, run('instrumented', 'info'), line)
      const traced = await runShape(installed, run('instrumented', 'info'), line, flag)
      expect(plain.ended).toMatchObject({ code: 0, stdout: 'tea: 12 EUR\n' })
      expect({ ...traced.ended, stderr: '' }).toEqual(plain.ended)
      expect(traced.ended.stderr).not.toMatch(NOTHING)
      expect(traced.spans).toEqual([
        'zen.orchestrator.run',
        '  zen.orchestrator.process_command',
        '  zen.orchestrator.process_command',
      ])
    })

    it('is told to call it, at info, if it does not', async () => {
      const { ended, spans } = await runShape(installed, run('unlisted', 'info'), line, way)
      expect(ended).toMatchObject({ code: 0, stdout: 'tea undefined\n' })
      expect(ended.stderr.match(NOTHING)).toHaveLength(1)
      expect(spans).toEqual([])
    })
  })
})
