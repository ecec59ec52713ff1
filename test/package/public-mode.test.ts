import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { type Application, installApplication } from '../support/application.ts'
import { journaledSpanIds, journalLines } from '../support/journal-folder.ts'
import { readLocalSpans } from '../support/local-spans.ts'
import { createPublicBuild, type PublicBuild } from '../support/public-build.ts'
import { type Ended, runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

const PUBLIC_PROJECT = 'zen-telemetry-public'
let build: PublicBuild
let folder: string
let cloud: GoogleCloud
let application: Application

beforeAll(async () => {
  build = createPublicBuild()
  folder = build.folder
  cloud = await startGoogleCloud({ projectId: PUBLIC_PROJECT })
  build.build(cloud.serviceAccountKey(PUBLIC_PROJECT))
  application = installApplication('script-cjs', 'zen-cjs')
})
afterAll(async () => {
  application.remove()
  build.remove()
  await cloud.close()
})
afterEach(() => cloud.reset())

/** Of somebody with neither a project nor credentials, on no cloud. */
function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { GOOGLE_CLOUD_PROJECT: _, ...env } = cloud.env({ credentials: 'none', projectId: false })
  // A machine that does much else may need more than the default.
  const patient = { ZEN_TELEMETRY_SAMPLE_RATE: '1', ZEN_TELEMETRY_EXIT_TIMEOUT: '20' }
  return { ...localEnvironment(), ...env, ...patient, ...more }
}

function run(env: Readonly<Record<string, string>>): Promise<Ended> {
  return runProgram(process.execPath, ['--require', join(folder, 'register.cjs'), 'app.cjs', '--runs=1'], {
    cwd: application.folder,
    env,
  })
}

/** With a terminal as standard error, as `script` provides one. */
function runOnTerminal(env: Readonly<Record<string, string>>): Promise<Ended> {
  const command = `${process.execPath} --require ${join(folder, 'register.cjs')} app.cjs --runs=1`
  return runProgram('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: application.folder,
    env: { ...env, TERM: 'xterm' },
  })
}

/** As if the last request were long ago: the pace of the machine says so. */
function letTimePass(stateFolder: string): void {
  const ago = Date.now() - 120_000
  const pace = join(stateFolder, 'limits', `public-${PUBLIC_PROJECT}`, 'pace')
  const [intervalMs = '', streak = ''] = readFileSync(pace, 'latin1').split(' ')
  writeFileSync(pace, `${intervalMs} ${streak} ${ago} ${ago}`)
}

describe('a build that carries the community key', () => {
  it('says so on the terminal once, and sends to the public project', async () => {
    const env = environment()
    const first = await runOnTerminal(env)
    expect(first.stdout.match(/This is said once/g)).toHaveLength(1)
    expect(first.stdout).toContain('ZEN_TELEMETRY_DISABLED=true')
    expect(cloud.spans()).toHaveLength(8)
    expect(new Set(cloud.spans().map((span) => span.projectId))).toEqual(new Set([PUBLIC_PROJECT]))
    const second = await runOnTerminal(env)
    expect(second.stdout).not.toContain('This is said once')
  })

  it('sends nothing but the allow-list', async () => {
    await runOnTerminal(environment({ ZEN_SERVICE_NAME: 'secret-service' }))
    expect(cloud.spans()).toHaveLength(8)
    const allowed = ['operation', 'zen.version', 'error.type', 'process.runtime.version', 'os.type']
    for (const span of cloud.spans()) {
      expect(
        Object.keys({ ...span.attributes, ...span.resource }).filter((name) => !allowed.includes(name)),
      ).toEqual([])
      expect(span.events).toEqual([])
      expect(span.links).toEqual([])
      expect(span.status.message ?? '').toBe('')
    }
    const bodies = Buffer.concat(cloud.requests('cloudTrace').map((request) => request.body)).toString(
      'latin1',
    )
    for (const secret of ['secret-service', 'fixture-script', 'oolong', application.folder, 'stack']) {
      expect(bodies).not.toContain(secret)
    }
  })

  it('sends once a minute at most from programs that end', async () => {
    const env = environment()
    await runOnTerminal(env)
    await runOnTerminal(env)
    await run(env)
    expect(cloud.requests('cloudTrace')).toHaveLength(1)
  })

  it('keeps what programs record in between, and sends it in one request with the next turn', async () => {
    const env = environment({ ZEN_SERVICE_NAME: 'secret-service' })
    await runOnTerminal(env)
    expect(await run(env)).toMatchObject({ code: 0, stderr: '' })
    expect(await run(env)).toMatchObject({ code: 0, stderr: '' })
    const stateFolder = env['ZEN_TELEMETRY_DIR'] ?? ''
    const kept = journalLines(stateFolder).join('\n')
    expect(journaledSpanIds(stateFolder)).toHaveLength(16)
    for (const secret of ['secret-service', 'fixture-script', 'oolong', application.folder, 'stack']) {
      expect(kept).not.toContain(secret)
    }
    letTimePass(stateFolder)
    await run(env)
    expect(cloud.requests('cloudTrace')).toHaveLength(2)
    expect(new Set(cloud.spans().map((span) => span.spanId)).size).toBe(32)
    expect(journaledSpanIds(stateFolder)).toEqual([])
  })

  it.each([
    { title: 'stderr is no terminal', env: {} },
    { title: 'it runs on a build machine', env: { CI: 'true' } },
  ])('sends nothing where the notice cannot be shown: $title', async ({ env }) => {
    const ended = env.CI ? await runOnTerminal(environment(env)) : await run(environment(env))
    expect(ended.code).toBe(0)
    expect(ended.stderr + ended.stdout).not.toContain('This is said once')
    expect(cloud.requests('cloudTrace')).toEqual([])
  })

  it('sends to a project of the user as soon as there is one', async () => {
    cloud.iam.grant('user', 'tea-house-42')
    const env = {
      ...environment(),
      ...cloud.env({ credentials: 'authorized-user', projectId: 'tea-house-42' }),
    }
    const { stderr } = await run(env)
    expect(stderr).toBe('')
    expect(new Set(cloud.spans().map((span) => span.projectId))).toEqual(new Set(['tea-house-42']))
  })

  it('says with zen-telemetry status whether the notice was shown', async () => {
    const env = environment()
    const status = () =>
      runProgram(process.execPath, [join(folder, 'dist', 'cli.cjs'), 'status'], {
        cwd: application.folder,
        env,
      })
    expect((await status()).stdout).toMatch(/^mode +public.*\nnotice +was not shown yet/m)
    await runOnTerminal(env)
    expect((await status()).stdout).toMatch(/^notice +was shown on this machine/m)
  })

  it('ends public mode with one debug line where the key is refused', async () => {
    const keys = await startGoogleCloud({ projectId: PUBLIC_PROJECT })
    // A cloud that does not know the key of this build.
    const { GOOGLE_CLOUD_PROJECT: _, ...env } = keys.env({ credentials: 'none', projectId: false })
    const common = {
      ...localEnvironment(),
      ...env,
      ZEN_TELEMETRY_SAMPLE_RATE: '1',
      ZEN_TELEMETRY_BATCH_SIZE: '1',
    }
    const quiet = await runOnTerminal(common)
    expect(quiet.code).toBe(0)
    expect(quiet.stdout).toContain(PUBLIC_PROJECT)
    expect(quiet.stdout).not.toMatch(/\] (?:warn|error):/)
    const talkative = await runOnTerminal({
      ...common,
      ZEN_TELEMETRY_DIR: localEnvironment().ZEN_TELEMETRY_DIR,
      ZEN_TELEMETRY_LOG_LEVEL: 'debug',
    })
    expect(talkative.stdout.match(/the key of this build was refused/g)).toHaveLength(1)
    expect(talkative.stdout).toMatch(/dropped: .*key_refused: 8/)
    expect(keys.spans()).toEqual([])
    expect(keys.requests('cloudTrace')).toHaveLength(2)
    await keys.close()
  })

  it('shows what it would send without a notice, and without a terminal', async () => {
    const ended = await run(environment({ ZEN_TELEMETRY_EXPORTER: 'console' }))
    expect(ended.stderr).not.toContain('This is said once')
    const shown = JSON.parse(ended.stderr.slice(ended.stderr.indexOf('\n{') + 1)) as {
      name: string
      spans: unknown[]
    }
    expect(shown.name).toBe(`projects/${PUBLIC_PROJECT}`)
    expect(shown.spans).toHaveLength(8)
    expect(cloud.requests('cloudTrace')).toEqual([])
  })

  it('holds the key in the bundle of the export thread alone', () => {
    const { private_key: key } = JSON.parse(readFileSync(build.keyFile, 'utf8')) as {
      private_key: string
    }
    const secret = key.split('\n')[1] ?? ''
    const holders = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' }).filter(
      (file) =>
        statSync(join(folder, 'dist', file)).isFile() &&
        readFileSync(join(folder, 'dist', file), 'utf8').includes(secret),
    )
    expect(holders).toEqual(['export-thread.cjs'])
  })

  it('writes no trace files', async () => {
    const env = environment()
    await runOnTerminal(env)
    expect(readLocalSpans(env['ZEN_TELEMETRY_DIR'] ?? '')).toEqual([])
  })
})

describe('the build', () => {
  it.each([
    {
      title: 'a key of another project',
      content: () => cloud.serviceAccountKey('tea-house-42'),
      says: 'tea-house-42',
    },
    { title: 'credentials of a person', content: () => cloud.authorizedUser(), says: 'authorized_user' },
    { title: 'a file that is not JSON', content: () => 'no key', says: 'cannot be read as JSON' },
  ])('refuses $title, and says why', ({ content, says }) => {
    expect(() => build.build(content())).toThrow(says)
  })
})
