import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Application, installApplication } from '../support/application.ts'
import { type LocalSpan, readLocalSpans } from '../support/local-spans.ts'
import { nodeLines } from '../support/node-lines.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

let application: Application
beforeAll(() => {
  application = installApplication('jobs')
  const installed = join(application.folder, 'node_modules', 'letter-press')
  cpSync(join(application.folder, 'vendor', 'letter-press'), installed, { recursive: true })
})
afterAll(() => application.remove())

async function run(node: string, more: Readonly<Record<string, string>>) {
  const env = { ...localEnvironment(), ...more }
  const plain = await runProgram(node, ['main.cjs'], { cwd: application.folder, env })
  const traced = await runProgram(node, ['--require', registerFiles.cjs, 'main.cjs'], {
    cwd: application.folder,
    env,
  })
  expect({ ...traced, stderr: '' }).toEqual({ ...plain, code: 0 })
  return { spans: readLocalSpans(env.ZEN_TELEMETRY_DIR), stderr: traced.stderr }
}

function names(spans: readonly LocalSpan[]): string[] {
  return spans.map((span) => span.name).toSorted()
}

for (const line of nodeLines()) {
  describe(`on Node ${line.major}, what ZEN_TELEMETRY_METHODS names`, () => {
    it('is traced: methods of a class in a file of the application, CommonJS and ES module', async () => {
      const { spans, stderr } = await run(line.binary, {
        ZEN_TELEMETRY_METHODS: './lib/job.js#Job[execute,attempt];./lib/report.mjs#Report[*]',
      })
      expect(stderr).toBe('')
      expect(names(spans)).toEqual([
        ...Array.from({ length: 4 }, () => 'Job.attempt'),
        ...Array.from({ length: 4 }, () => 'Job.execute'),
        ...Array.from({ length: 4 }, () => 'Report.add'),
        'Report.render',
      ])
    })

    it('is traced: functions that a module exports', async () => {
      const { spans } = await run(line.binary, {
        ZEN_TELEMETRY_METHODS: './vendor/letter-press/index#[press,fold]',
      })
      expect(names(spans)).toEqual(['./vendor/letter-press/index.fold', './vendor/letter-press/index.press'])
    })
  })
}

describe('entries that cannot be read', () => {
  it('are one warning each with the position, and the others are used', async () => {
    const { spans, stderr } = await run(process.execPath, {
      ZEN_TELEMETRY_METHODS: 'no-brackets#Job; ./lib/job.js#Job[describe] ;#[x]',
    })
    expect(names(spans)).toEqual(['Job.describe'])
    expect(stderr.match(/warn: ZEN_TELEMETRY_METHODS: /g)).toHaveLength(2)
    expect(stderr).toContain('"no-brackets#Job" at position 1')
    expect(stderr).toContain('"#[x]" at position 46')
  })
})

describe('a file with targets', () => {
  it('gives names of spans and attributes of its own', async () => {
    const file = join(application.folder, 'targets.json')
    writeFileSync(
      file,
      JSON.stringify([
        {
          module: './lib/job.js',
          class: 'Job',
          methods: [{ name: 'describe', span: 'job description', attributes: { team: 'tea', tier: 2 } }],
        },
        { module: './lib/job.js', class: 'Job' },
      ]),
    )
    const { spans, stderr } = await run(process.execPath, { ZEN_TELEMETRY_METHODS_FILE: file })
    expect(names(spans)).toEqual(['job description'])
    expect(spans[0]?.attributes).toMatchObject({ team: 'tea' })
    expect(stderr).toContain('entry 2 has no "methods"')
  })
})

describe('an entry that matched nothing', () => {
  it('is named at the end, for those who ask for such lines', async () => {
    const methods = './lib/job.js#Job[describe];./lib/job.js#Task[describe];no-such-package#[start]'
    const { stderr } = await run(process.execPath, {
      ZEN_TELEMETRY_METHODS: methods,
      ZEN_TELEMETRY_LOG_LEVEL: 'info',
    })
    const lines = stderr.split('\n').filter((line) => line.includes('matched nothing'))
    expect(lines).toEqual([
      expect.stringContaining('info: ZEN_TELEMETRY_METHODS: ./lib/job.js#Task[describe] matched nothing'),
      expect.stringContaining('info: ZEN_TELEMETRY_METHODS: no-such-package#[start] matched nothing'),
    ])
    expect((await run(process.execPath, { ZEN_TELEMETRY_METHODS: methods })).stderr).toBe('')
  })
})
