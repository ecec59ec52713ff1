import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Application, installApplication } from '../support/application.ts'
import { readLocalSpans } from '../support/local-spans.ts'
import { nodeLines } from '../support/node-lines.ts'
import { runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'
import { WAYS_TO_LOAD } from '../support/ways-to-load.ts'

/** How the library may be loaded, and the shapes of it that can be loaded so. */
const VARIANTS = [
  { program: 'require.cjs', zens: ['zen-cjs', 'zen-esm', 'zen-dual'] },
  { program: 'require-twice.cjs', zens: ['zen-cjs', 'zen-esm', 'zen-dual'] },
  { program: 'deep-require.cjs', zens: ['zen-cjs'] },
  { program: 'subpath.cjs', zens: ['zen-esm', 'zen-dual'] },
  { program: 'dynamic-import.cjs', zens: ['zen-cjs', 'zen-esm', 'zen-dual'] },
  { program: 'create-require.mjs', zens: ['zen-cjs', 'zen-esm', 'zen-dual'] },
  { program: 'dynamic-import.mjs', zens: ['zen-cjs', 'zen-esm', 'zen-dual'] },
  { program: 'import.mjs', zens: ['zen-cjs', 'zen-esm', 'zen-dual'] },
  { program: 'import-default.mjs', zens: ['zen-cjs', 'zen-esm', 'zen-dual'] },
  { program: 'subpath.mjs', zens: ['zen-esm', 'zen-dual'] },
] as const

const OWN_FILES = [
  { app: 'own-file-cjs', program: 'main.cjs' },
  { app: 'own-file-esm', program: 'main.mjs' },
] as const

const ZENS = ['zen-cjs', 'zen-esm', 'zen-dual'] as const

for (const line of nodeLines()) {
  for (const way of WAYS_TO_LOAD.slice(0, 2)) {
    const run = async (application: Application, program: string) => {
      const env = localEnvironment()
      const plain = await runProgram(line.binary, [program], { cwd: application.folder, env })
      const traced = await runProgram(line.binary, [...way.args, program], { cwd: application.folder, env })
      expect(traced).toEqual({ ...plain, code: 0, signal: null })
      return readLocalSpans(env.ZEN_TELEMETRY_DIR)
    }

    describe.each(ZENS)(`on Node ${line.major}, loaded by ${way.title}, %s`, (zen) => {
      let application: Application
      beforeAll(() => {
        application = installApplication('loads', zen)
      })
      afterAll(() => application.remove())

      const programs = VARIANTS.filter((variant) => (variant.zens as readonly string[]).includes(zen))
      it.each(programs)('is traced in $program', async ({ program }) => {
        const spans = await run(application, program)
        const runs = program === 'require-twice.cjs' ? 2 : 1
        expect(spans.filter((span) => span.name === 'zen.orchestrator.run')).toHaveLength(runs)
        expect(spans.filter((span) => span.name === 'zen.orchestrator.process_command')).toHaveLength(
          2 * runs,
        )
        const { version } = JSON.parse(
          readFileSync(join(application.folder, 'node_modules', 'zen', 'package.json'), 'utf8'),
        ) as { version: string }
        expect(new Set(spans.map((span) => span.attributes['zen.version']))).toEqual(new Set([version]))
      })
    })

    it.each(OWN_FILES)(
      `on Node ${line.major}, loaded by ${way.title}, traces the file of $app`,
      async (own) => {
        const application = installApplication(own.app)
        const spans = await run(application, own.program)
        application.remove()
        expect(spans).toHaveLength(15)
        expect(spans.filter((span) => span.parentSpanId === undefined)).toHaveLength(4)
      },
    )

    it.each(['app.cjs', 'app.mjs'])(
      `on Node ${line.major}, loaded by ${way.title}, leaves %s alone`,
      async (program) => {
        const application = installApplication('no-zen')
        const spans = await run(application, program)
        application.remove()
        expect(spans).toEqual([])
      },
    )
  }
}

it('writes nothing at all where nothing is traced', async () => {
  const application = installApplication('no-zen')
  const env = localEnvironment()
  await runProgram(process.execPath, [...(WAYS_TO_LOAD[0]?.args ?? []), 'app.cjs'], {
    cwd: application.folder,
    env,
  })
  expect(readdirSync(env.ZEN_TELEMETRY_DIR)).toEqual([])
  expect(statSync(env.ZEN_TELEMETRY_DIR).isDirectory()).toBe(true)
})
