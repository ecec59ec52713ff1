import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import type { FindingCode } from '../../src/cli/findings/finding.ts'
import { type Application, installApplication } from '../support/application.ts'
import { tooOldReleases } from '../support/node-lines.ts'
import { installedAgent, registerFiles } from '../support/packed-agent.ts'
import { repository } from '../support/repository.ts'
import { runProgram } from '../support/run-program.ts'

const CLI = join(installedAgent, 'dist', 'cli.cjs')
const APPLICATION = ['--require', registerFiles.cjs, 'app.cjs', '--runs=1']
const SECONDS_WRONG = 600
/** Resolves Google's names as a machine does whose firewall lets nothing out: nobody answers there. */
const FIREWALL = join(repository, 'test', 'support', 'firewall.cjs')

let cloud: GoogleCloud
let application: Application
beforeAll(async () => {
  cloud = await startGoogleCloud({ projects: ['zen-test-project'] })
  application = installApplication('script-cjs', 'zen-cjs')
})
afterAll(async () => {
  application.remove()
  await cloud.close()
})
afterEach(async () => {
  await cloud.faults.clear()
  cloud.disabledApis.clear()
  cloud.reset()
})

interface Finding {
  readonly code: FindingCode
  readonly severity: string
  readonly text: string
  readonly fix?: string
  readonly values: Readonly<Record<string, unknown>>
}

/** One that does not work, and the same after its fix was pasted. */
interface SetUp {
  readonly env: Record<string, string>
  /** Behind `--`; none: the set-up alone is looked at. */
  readonly command?: readonly string[]
  readonly cwd?: string
  /** How the shell starts doctor. */
  readonly before?: string
}

function healthy(more: Record<string, string> = {}): Record<string, string> {
  const env = cloud.env({ credentials: 'service-account' })
  return {
    ...env,
    PATH: [cloud.gcloudFolder, dirname(process.execPath), env['PATH']].join(delimiter),
    ZEN_TELEMETRY_DIR: mkdtempSync(join(tmpdir(), 'state-')),
    ZEN_TELEMETRY_SAMPLE_RATE: '1',
    // A machine that runs many tests at once may be busy.
    ZEN_TELEMETRY_EXIT_TIMEOUT: '20',
    ...more,
  }
}

async function doctor({ env, command = [], cwd = application.folder, before = '' }: SetUp, fix = '') {
  const words = [...(before ? [before] : []), quote(process.execPath), quote(CLI), 'doctor', '--json']
  const line = [...words, ...(command.length > 0 ? ['--', ...command.map(quote)] : [])].join(' ')
  const { code, stdout, stderr } = await runProgram('sh', ['-c', `${fix}\n${line}`], { cwd, env })
  if (!stdout.includes('"findings"')) throw new Error(`doctor did not report: ${stdout}${stderr}`)
  const { findings } = JSON.parse(stdout.slice(stdout.indexOf('{\n  "findings"'))) as { findings: Finding[] }
  return { code, findings, stderr }
}

/** Doctor names the cause first, and when the fix it gives was pasted, there is nothing left to mend. */
async function expectMended(setUp: SetUp, cause: FindingCode): Promise<void> {
  const broken = await doctor(setUp)
  expect(broken.findings[0], JSON.stringify(broken.findings, undefined, 1)).toMatchObject({
    code: cause,
    severity: 'error',
  })
  expect(broken.code).toBe(1)
  const { fix } = broken.findings[0]!
  expect(fix).toBeDefined()
  const mended = await doctor(setUp, fix)
  const left = mended.findings.filter(({ severity }) => severity === 'error' || severity === 'warning')
  expect(left, `after: ${fix}\n${mended.stderr}`).toEqual([])
  expect(mended.code).toBe(0)
}

function quote(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`
}

async function refusingProxy(): Promise<{ url: string; close(): void }> {
  const server = createServer()
  server.on('connect', (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close(),
  }
}

/** `sudo` and `timedatectl` that set the clock which faketime reads from a file. */
function clockTools(offsetFile: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'clock-'))
  writeFileSync(join(folder, 'sudo'), '#!/bin/sh\nexec "$@"\n')
  writeFileSync(
    join(folder, 'timedatectl'),
    `#!/bin/sh\n[ "$1 $2" = "set-ntp true" ] && echo '+0' > '${offsetFile}'\n`,
  )
  for (const tool of ['sudo', 'timedatectl']) chmodSync(join(folder, tool), 0o755)
  return folder
}

describe('doctor', () => {
  it('finds nothing where all is well, and says what the program did', async () => {
    const { code, findings } = await doctor({ env: healthy(), command: ['node', ...APPLICATION] })
    expect(code, JSON.stringify(findings, undefined, 1)).toBe(0)
    expect(findings.map((found) => found.code)).toEqual(
      expect.arrayContaining([
        'consent-on',
        'export-thread',
        'credentials',
        'credentials-expiry',
        'host-reachable',
        'write-accepted',
        'target-patched',
        'spans-delivered',
      ]),
    )
    const sent = cloud.spans().filter(({ name }) => name.startsWith('zen.'))
    const roots = sent.filter(({ parentSpanId }) => parentSpanId === undefined).length
    expect(sent.map(({ name }) => name)).toContain('zen.orchestrator.run')
    const outcome = findings.find((found) => found.code === 'spans-delivered')
    expect(outcome?.values).toEqual({
      calls: roots,
      sampled: roots,
      made: sent.length,
      delivered: sent.length,
      limited: 0,
      dropped: 0,
      waiting: 0,
      reasons: '',
    })
    expect(findings.find((found) => found.code === 'credentials-expiry')?.text).toContain(
      'a key file does not say when its key expires',
    )
  })

  it.each(['metadata', 'authorized-user'] as const)(
    'says until when a token of %s is valid',
    async (credentials) => {
      const { findings } = await doctor({
        env: { ...healthy(), GOOGLE_APPLICATION_CREDENTIALS: '', ...cloud.env({ credentials }) },
      })
      const expiry = findings.find((found) => found.code === 'credentials-expiry')
      expect(Date.parse(String(expiry?.values['until']))).toBeGreaterThan(Date.now())
      expect(expiry?.values['minutes']).toBeGreaterThan(0)
    },
  )

  it('counts the calls of a program that a signal ends', async () => {
    const program = `const { ZenOrchestrator } = require('zen')
      const end = () => process.kill(process.pid, 'SIGTERM')
      new ZenOrchestrator({ name: 'short' }).run(['echo:tea']).then(end)`
    const command = ['node', ...APPLICATION.slice(0, 2), '-e', program]
    const { findings } = await doctor({ env: healthy(), command })
    const outcome = findings.find(({ code }) => code === 'spans-delivered')
    expect(outcome?.values).toMatchObject({ calls: 1, sampled: 1, made: 2, delivered: 2, waiting: 0 })
  })

  it('tells a call that was not sampled from one that was not made', async () => {
    const nothing = { ZEN_TELEMETRY_SAMPLE_RATE: '0', ZEN_TELEMETRY_KEEP_ERRORS: 'false' }
    const { findings } = await doctor({ env: healthy(nothing), command: ['node', ...APPLICATION] })
    const found = findings.find(({ code }) => code === 'no-calls')
    expect(found?.values['calls']).toBeGreaterThan(0)
    expect(found).toMatchObject({ values: { sampled: 0 }, fix: expect.stringContaining('SAMPLE_RATE=1') })
    const idle = [...APPLICATION.slice(0, 2), '-e', "require('zen')"]
    const { findings: none } = await doctor({ env: healthy(), command: ['node', ...idle] })
    expect(none.find(({ code }) => code === 'no-calls')?.values).toEqual({ calls: 0, sampled: 0 })
  })

  it('says that a broken export thread is the cause', async () => {
    const broken = mkdtempSync(join(tmpdir(), 'broken-agent-'))
    cpSync(installedAgent, broken, { recursive: true })
    writeFileSync(join(broken, 'dist', 'export-thread.cjs'), 'throw new Error("half a file")\n')
    const tool = join(broken, 'dist', 'cli.cjs')
    const { code, stdout } = await runProgram(process.execPath, [tool, 'doctor', '--json'], {
      cwd: application.folder,
      env: healthy(),
    })
    expect(code).toBe(1)
    const [first] = (JSON.parse(stdout) as { findings: Finding[] }).findings
    expect(first).toMatchObject({ code: 'export-thread-fails', values: { problem: 'half a file' } })
    rmSync(broken, { recursive: true })
  })

  it('1: a project that does not exist', async () => {
    await expectMended({ env: healthy({ GOOGLE_CLOUD_PROJECT: 'zen-tset-project' }) }, 'project-not-found')
  })

  it('2: no credentials', async () => {
    const env = { ...cloud.env({ credentials: 'none' }), GOOGLE_CLOUD_PROJECT: cloud.projectId }
    await expectMended(
      { env: { ...healthy(), GOOGLE_APPLICATION_CREDENTIALS: '', ...env, PATH: healthy()['PATH']! } },
      'credentials-missing',
    )
  })

  it('3: an expired key', async () => {
    const env = healthy()
    cloud.iam.expireKeys(cloud.serviceAccountKey().client_email)
    await expectMended({ env }, 'key-rejected')
  })

  it('4: a key without the permission', async () => {
    const env = healthy()
    cloud.iam.revoke(cloud.serviceAccountKey().client_email, cloud.projectId)
    await expectMended({ env }, 'permission-missing')
  })

  it('5: the API is not enabled', async () => {
    const env = healthy()
    cloud.disabledApis.add('cloudtrace.googleapis.com')
    await expectMended({ env }, 'api-disabled')
  })

  it('6: a firewall, and a proxy that npm knows', async () => {
    const env = healthy({ NODE_OPTIONS: `--require=${FIREWALL}` })
    const proxy = env['HTTPS_PROXY']!
    delete env['HTTPS_PROXY']
    delete env['https_proxy']
    writeFileSync(join(env['HOME']!, '.npmrc'), `https-proxy=${proxy}\n`)
    await expectMended({ env }, 'host-unreachable')
  })

  it('7: a proxy that refuses', async () => {
    const refusing = await refusingProxy()
    const env = healthy()
    writeFileSync(
      join(env['HOME']!, '.gitconfig'),
      `[user]\n\tname = x\n[http]\n\tproxy = ${env['HTTPS_PROXY']!}\n`,
    )
    delete env['https_proxy']
    await expectMended({ env: { ...env, HTTPS_PROXY: refusing.url } }, 'proxy-refuses')
    refusing.close()
  })

  it.each([
    ['behind', `-${SECONDS_WRONG}`],
    ['ahead', `+${SECONDS_WRONG}`],
  ])('8: a clock that is 10 minutes %s', async (_, offset) => {
    const offsetFile = join(mkdtempSync(join(tmpdir(), 'offset-')), 'offset')
    writeFileSync(offsetFile, `${offset}\n`)
    const env = healthy()
    const library = execFileSync('sh', ['-c', 'faketime -f +0 printenv LD_PRELOAD'], {
      encoding: 'utf8',
    }).trim()
    const before = `env LD_PRELOAD='${library}' FAKETIME_TIMESTAMP_FILE='${offsetFile}' FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_NO_CACHE=1`
    const PATH = [clockTools(offsetFile), env['PATH']].join(delimiter)
    await expectMended({ env: { ...env, PATH }, before }, 'clock-skew')
  })

  it('9: the target is inside a bundle', async () => {
    const bundled = installApplication('bundled', 'zen-cjs')
    mkdirSync(join(bundled.folder, 'node_modules', '.bin'))
    symlinkSync(
      join(repository, 'node_modules', 'rolldown', 'bin', 'cli.mjs'),
      join(bundled.folder, 'node_modules', '.bin', 'rolldown'),
    )
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: bundled.folder, stdio: 'ignore' })
    const command = ['node', '--require', registerFiles.cjs, 'dist/app.cjs']
    await expectMended({ env: healthy(), command, cwd: bundled.folder }, 'target-bundled')
    bundled.remove()
  })

  it('10: Node is too old', async () => {
    const old = tooOldReleases().find(({ release }) => release.startsWith('18.'))!.binary
    const env = healthy()
    const PATH = [dirname(old), env['PATH']].join(delimiter)
    await expectMended({ env: { ...env, PATH }, command: ['node', ...APPLICATION] }, 'node-too-old')
  })

  it('11: the program loads the agent itself, too late', async () => {
    const late = installApplication('late', 'zen-cjs')
    mkdirSync(join(late.folder, 'node_modules', '@zen'))
    symlinkSync(installedAgent, join(late.folder, 'node_modules', '@zen', 'telemetry'))
    const setUp: SetUp = { env: healthy(), command: ['node', 'app.cjs'], cwd: late.folder }
    const broken = await doctor(setUp)
    expect(broken.findings[0]).toMatchObject({ code: 'agent-late', severity: 'error' })
    // The fix is another way to start the program: it is started so.
    cloud.reset()
    const fixed = await runProgram('sh', ['-c', broken.findings[0]!.fix!], {
      cwd: late.folder,
      env: setUp.env,
    })
    expect(fixed).toMatchObject({ code: 0, stdout: 'done\n' })
    expect(cloud.spans().map(({ name }) => name)).toContain('zen.orchestrator.run')
    late.remove()
  })

  it.each([
    ['a variable', { ZEN_TELEMETRY_DISABLED: 'true' }],
    ['the variable of all tools', { DO_NOT_TRACK: '1' }],
  ])('12: an opt-out that was forgotten: %s', async (_, variables) => {
    await expectMended({ env: healthy(variables), command: ['node', ...APPLICATION] }, 'switched-off')
  })

  it('12: an opt-out that was forgotten: zen-telemetry disable', async () => {
    const env = healthy()
    mkdirSync(env['ZEN_TELEMETRY_DIR']!, { recursive: true })
    await runProgram(process.execPath, [CLI, 'disable'], { cwd: application.folder, env })
    const folder = mkdtempSync(join(tmpdir(), 'npx-'))
    writeFileSync(join(folder, 'npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' '${CLI}' "$@"\n`)
    chmodSync(join(folder, 'npx'), 0o755)
    await expectMended({ env: { ...env, PATH: [folder, env['PATH']].join(delimiter) } }, 'switched-off')
  })

  it('shows no secret', async () => {
    const env = healthy({ HTTPS_PROXY: 'http://user:hunter2@127.0.0.1:1' })
    delete env['https_proxy']
    const { findings, stderr } = await doctor({ env })
    const key = JSON.parse(readFileSync(env['GOOGLE_APPLICATION_CREDENTIALS']!, 'utf8')) as {
      private_key: string
    }
    const printed = JSON.stringify(findings) + stderr
    expect(printed).not.toContain('hunter2')
    expect(printed).not.toContain(key.private_key.slice(40, 80))
  })
})
