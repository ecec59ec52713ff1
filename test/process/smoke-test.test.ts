import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { type Application, installApplication } from '../support/application.ts'
import { installedAgent, registerFiles } from '../support/packed-agent.ts'
import { runProgram } from '../support/run-program.ts'

const CLI = join(installedAgent, 'dist', 'cli.cjs')

let cloud: GoogleCloud
let application: Application
beforeAll(async () => {
  cloud = await startGoogleCloud()
  application = installApplication('script-cjs', 'zen-cjs')
})
afterAll(async () => {
  application.remove()
  await cloud.close()
})
afterEach(() => cloud.reset())

function environment(more: Record<string, string> = {}): Record<string, string> {
  const env = cloud.env({ credentials: 'service-account' })
  return {
    ...env,
    PATH: `${dirname(process.execPath)}:${env['PATH']}`,
    ZEN_TELEMETRY_DIR: mkdtempSync(join(tmpdir(), 'state-')),
    ZEN_TELEMETRY_SAMPLE_RATE: '1',
    // A machine that runs many tests at once may be busy.
    ZEN_TELEMETRY_EXIT_TIMEOUT: '20',
    ...more,
  }
}

async function json(args: readonly string[], env = environment()) {
  const { code, stdout, stderr } = await runProgram(process.execPath, [CLI, ...args], {
    cwd: application.folder,
    env,
  })
  if (!stdout.startsWith('{')) throw new Error(`no JSON: ${stdout}${stderr}`)
  return { code, data: JSON.parse(stdout) as Record<string, unknown> }
}

describe('smoke-test', () => {
  it('is acknowledged only where the credentials may not read, and says so', async () => {
    const { code, data } = await json(['smoke-test', '--json'])
    expect(data).toMatchObject({ status: 'acknowledged-only', readBack: { kind: 'not-allowed' } })
    expect(code).toBe(0)
    const [span] = cloud.spans()
    expect(span).toMatchObject({ name: 'deployment.smoketest', traceId: data['traceId'] })
    expect(span!.attributes['test']).toBe(true)
  })

  it('reads its span back where they may', async () => {
    const env = environment()
    cloud.iam.grantRead(cloud.serviceAccountKey().client_email, cloud.projectId)
    const { code, data } = await json(['smoke-test', '--json'], env)
    expect(data).toMatchObject({ status: 'read-back', project: cloud.projectId, readBack: { kind: 'found' } })
    expect(code).toBe(0)
  })

  it('says why a span was not accepted', async () => {
    const { code, data } = await json(
      ['smoke-test', '--json'],
      environment({ GOOGLE_CLOUD_PROJECT: 'other-project' }),
    )
    expect(data).toMatchObject({ status: 'failed', finding: { code: 'permission-missing' } })
    expect(code).toBe(1)
  })
})

describe('validate', () => {
  it('passes before and after a deployment that is all right, as JSON', async () => {
    const pre = await json(['validate', '--json'], environment({ NODE_ENV: 'staging' }))
    expect(pre.data).toMatchObject({ overallStatus: 'passed', phase: 'pre', environment: 'staging' })
    expect(pre.code).toBe(0)
    const command = ['node', '--require', registerFiles.cjs, 'app.cjs', '--runs=2']
    const { data } = await json(['validate', '--phase', 'post', '--json', '--', ...command])
    const checks = data['checks'] as { name: string; status: string; detail: string }[]
    expect(checks.filter(({ status }) => status === 'failed')).toEqual([])
    expect(checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'dependencies',
        'credentials',
        'smoke test',
        'export',
        'sampling rate',
        'context propagation',
      ]),
    )
    const rollback = data['rollback'] as { name: string; measured: number; passed: boolean }[]
    expect(rollback.map(({ name }) => name)).toEqual([
      'error rate',
      'export failures',
      'added latency',
      'added memory',
    ])
    expect(rollback.every(({ measured }) => typeof measured === 'number')).toBe(true)
    expect(rollback.slice(0, 2).every(({ passed }) => passed)).toBe(true)
  })

  it('fails with what to do, as Markdown', async () => {
    const env = environment()
    cloud.iam.revoke(cloud.serviceAccountKey().client_email, cloud.projectId)
    const { code, stdout } = await runProgram(process.execPath, [CLI, 'validate'], {
      cwd: application.folder,
      env,
    })
    cloud.iam.grant(cloud.serviceAccountKey().client_email, cloud.projectId)
    expect(code).toBe(1)
    expect(stdout).toContain('# Deployment of @zen/telemetry: failed')
    expect(stdout).toMatch(/\| credentials +\| failed \| .* may not write traces/)
    expect(stdout).toMatch(/^- .*gcloud projects add-iam-policy-binding/m)
  })
})
