import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Application, installApplication } from '../support/application.ts'
import { readLocalSpans } from '../support/local-spans.ts'
import { installedAgent, registerFiles } from '../support/packed-agent.ts'
import { runProgram } from '../support/run-program.ts'
import { observeProgram } from '../support/system-calls.ts'
import { localEnvironment } from '../support/traced-environment.ts'

const tool = join(installedAgent, 'dist', 'cli.cjs')

type Environment = ReturnType<typeof localEnvironment>

interface OptOut {
  readonly title: string
  readonly env?: Readonly<Record<string, string>>
  /** What is done before the application starts. */
  prepare?(application: Application, env: Environment): Promise<void> | void
}

async function byUser({ folder }: Application, env: Environment): Promise<void> {
  const { code } = await runProgram(process.execPath, [tool, 'disable'], { cwd: folder, env })
  expect(code).toBe(0)
}
function byPackage({ folder }: Application): void {
  const file = join(folder, 'package.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as object
  writeFileSync(file, JSON.stringify({ ...manifest, zen: { telemetry: false } }))
}

const OPT_OUTS: readonly OptOut[] = [
  { title: 'ZEN_TELEMETRY_DISABLED', env: { ZEN_TELEMETRY_DISABLED: 'true' } },
  { title: 'DO_NOT_TRACK', env: { DO_NOT_TRACK: '1' } },
  { title: 'OTEL_SDK_DISABLED', env: { OTEL_SDK_DISABLED: 'true' } },
  { title: 'zen-telemetry disable', prepare: byUser },
  { title: 'the package.json of the application', prepare: byPackage },
  {
    title: 'settings that cannot be read',
    prepare: (_, env) => writeFileSync(join(env.ZEN_TELEMETRY_DIR, 'settings.json'), '{'),
    env: { ZEN_TELEMETRY_LOG_LEVEL: 'none' },
  },
]

let application: Application
let env: Environment
beforeEach(() => {
  application = installApplication('script-cjs', 'zen-cjs')
  env = localEnvironment()
})
afterEach(() => application.remove())

const withAgent = ['--require', registerFiles.cjs, 'app.cjs', '--runs=1']

describe('from outside the process', () => {
  it('sockets and files are seen when nothing switches it off', async () => {
    const { code, sockets, writes } = await observeProgram(process.execPath, withAgent, {
      cwd: application.folder,
      env,
    })
    expect(code).toBe(0)
    expect(sockets.join('\n')).toMatch(/^connect\(.*AF_INET/m)
    expect(writes.join('\n')).toContain('.jsonl')
  })

  it.each(OPT_OUTS)(
    'neither a socket nor a written file is seen with $title',
    async ({ env: more, prepare }) => {
      await prepare?.(application, env)
      const { code, stderr, sockets, writes } = await observeProgram(process.execPath, withAgent, {
        cwd: application.folder,
        env: { ...env, ...more },
      })
      expect({ code, stderr, sockets, writes }).toEqual({ code: 0, stderr: '', sockets: [], writes: [] })
    },
  )
})

describe('an application that is switched off', () => {
  it('is the package that was started, wherever it was started from', async () => {
    byPackage(application)
    const args = ['--import', registerFiles.mjs, join(application.folder, 'app.cjs'), '--runs=1']
    const { code } = await runProgram(process.execPath, args, { cwd: '/', env })
    expect(code).toBe(0)
    expect(readLocalSpans(env.ZEN_TELEMETRY_DIR)).toEqual([])
  })

  it('stays off in worker threads whose file belongs to another package', async () => {
    byPackage(application)
    const pool = join(application.folder, 'node_modules', 'pool')
    mkdirSync(pool)
    writeFileSync(join(pool, 'package.json'), '{ "name": "pool" }')
    writeFileSync(
      join(pool, 'worker.js'),
      "new (require('zen').ZenOrchestrator)().run(['echo:a']).then(() => console.log('worked'))",
    )
    const main = "new (require('node:worker_threads').Worker)('./node_modules/pool/worker.js')"
    writeFileSync(join(application.folder, 'main.cjs'), main)
    const args = ['--require', registerFiles.cjs, 'main.cjs']
    const { stdout } = await runProgram(process.execPath, args, { cwd: application.folder, env })
    expect(stdout).toContain('worked')
    expect(readLocalSpans(env.ZEN_TELEMETRY_DIR)).toEqual([])
  })

  it('is traced all the same where ZEN_TELEMETRY_DISABLED says false', async () => {
    byPackage(application)
    await byUser(application, env)
    await runProgram(process.execPath, withAgent, {
      cwd: application.folder,
      env: { ...env, ZEN_TELEMETRY_DISABLED: 'false' },
    })
    expect(readLocalSpans(env.ZEN_TELEMETRY_DIR)).not.toEqual([])
  })

  it('says at the level debug which rule it was', async () => {
    byPackage(application)
    const { stderr } = await runProgram(process.execPath, withAgent, {
      cwd: application.folder,
      env: { ...env, ZEN_TELEMETRY_LOG_LEVEL: 'debug' },
    })
    expect(stderr).toContain('off: "zen": { "telemetry": false } in ')
  })

  it('is said where the settings cannot be read', async () => {
    writeFileSync(join(env.ZEN_TELEMETRY_DIR, 'settings.json'), '{')
    const { stderr } = await runProgram(process.execPath, withAgent, { cwd: application.folder, env })
    expect(stderr).toMatch(/^\[zen-telemetry\] warn: off: ".*settings\.json" cannot be read \(.*\n$/)
  })
})
