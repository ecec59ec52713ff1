import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { type Application, installApplication } from '../support/application.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { runProgram } from '../support/run-program.ts'

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

describe.each([
  { exporter: 'cloud-trace', service: 'cloudTrace' },
  { exporter: 'otlp', service: 'otlp' },
] as const)('the certificate of Google, with $exporter', ({ exporter, service }) => {
  const run = (env: Readonly<Record<string, string>>) =>
    runProgram(process.execPath, ['--require', registerFiles.cjs, 'app.cjs', '--runs=1'], {
      cwd: application.folder,
      env: {
        ...env,
        ZEN_TELEMETRY_EXPORTER: exporter,
        ZEN_TELEMETRY_SAMPLE_RATE: '1',
        NODE_NO_WARNINGS: '1',
      },
    })

  it('is checked although NODE_TLS_REJECT_UNAUTHORIZED switches that off for the application', async () => {
    // The authority of these certificates is known by NODE_EXTRA_CA_CERTS alone.
    const { NODE_EXTRA_CA_CERTS: authority = '', ...untrusting } = cloud.env({
      credentials: 'service-account',
    })
    const { code, stderr } = await run({ ...untrusting, NODE_TLS_REJECT_UNAUTHORIZED: '0' })
    expect(code).toBe(0)
    expect(stderr).toMatch(/certificate/i)
    expect(cloud.requests(service)).toEqual([])
    // The same with the authority arrives, and so does what had to wait in the journal.
    await run({
      ...untrusting,
      NODE_EXTRA_CA_CERTS: authority,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      ZEN_TELEMETRY_EXIT_TIMEOUT: '30',
    })
    expect(cloud.spans()).toHaveLength(16)
  })
})
