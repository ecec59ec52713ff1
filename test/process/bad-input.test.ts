import { closeSync, mkdtempSync, openSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { type Application, installApplication } from '../support/application.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

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

const PROGRAM = ['--require', registerFiles.cjs, 'app.cjs', '--runs=1']

function run(env: Readonly<Record<string, string>>) {
  return runProgram(process.execPath, PROGRAM, { cwd: application.folder, env })
}

function file(content: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'credentials-')), 'key.json')
  writeFileSync(path, content)
  return path
}

/** Each is one warning, and the spans are delivered all the same. */
const DELIVERED = [
  { variable: 'ZEN_TELEMETRY_BATCH_SIZE', value: 'many', used: '512' },
  { variable: 'ZEN_TELEMETRY_BATCH_SIZE', value: '-3', used: '512' },
  { variable: 'ZEN_TELEMETRY_FLUSH_INTERVAL', value: 'NaN', used: '5' },
  { variable: 'ZEN_TELEMETRY_QUEUE_SIZE', value: '1e99', used: '2048' },
  { variable: 'ZEN_TELEMETRY_EXPORT_TIMEOUT', value: '30s', used: '30' },
  { variable: 'ZEN_TELEMETRY_EXIT_TIMEOUT', value: 'soon', used: '2' },
  { variable: 'ZEN_TELEMETRY_EXPORTER', value: 'zipkin', used: 'cloud-trace' },
  { variable: 'ZEN_TELEMETRY_ENDPOINT', value: 'http://', used: "Google's" },
  { variable: 'ZEN_TELEMETRY_ENDPOINT', value: 'cloudtrace.googleapis.com:port', used: "Google's" },
  { variable: 'ZEN_TELEMETRY_PROFILE', value: 'fast', used: 'balanced' },
  { variable: 'ZEN_TELEMETRY_LOG_LEVEL', value: 'loud', used: 'warn' },
  { variable: 'ZEN_GCP_PROJECT', value: 'No Such Project', used: 'zen-test-project' },
] as const

describe('a value that cannot be read', () => {
  it.each(DELIVERED)(
    'is one warning, and nothing is lost: $variable="$value"',
    async ({ variable, value, used }) => {
      const { code, stderr } = await run({
        ...cloud.env({ credentials: 'metadata' }),
        ZEN_TELEMETRY_SAMPLE_RATE: '1',
        [variable]: value,
      })
      expect(code).toBe(0)
      const lines = stderr.trimEnd().split('\n')
      expect(lines).toHaveLength(1)
      expect(lines[0]).toContain('[zen-telemetry] warn: ')
      expect(lines[0]).toContain(`${variable}="${value}"`)
      expect(lines[0]).toContain(used)
      expect(cloud.spans()).toHaveLength(8)
    },
  )

  it.each(['2', '-0.1', 'half'])(
    'is one warning for the rate "%s", and the default rate is used',
    async (rate) => {
      const { code, stderr } = await run({
        ...cloud.env({ credentials: 'metadata' }),
        ZEN_TELEMETRY_SAMPLE_RATE: rate,
      })
      expect(code).toBe(0)
      expect(stderr.match(/warn/g)).toHaveLength(1)
      expect(stderr).toContain(`ZEN_TELEMETRY_SAMPLE_RATE="${rate}"`)
      expect(stderr).toContain('0.1')
    },
  )

  it.each([
    { title: 'is missing', path: () => '/nowhere/key.json', says: 'no such file' },
    { title: 'is not JSON', path: () => file('not json at all'), says: 'not JSON' },
    { title: 'holds no key', path: () => file('{ "type": "service_account" }'), says: 'missing' },
  ])(
    'is one warning when the credentials file $title, and other credentials are used',
    async ({ path, says }) => {
      const name = path()
      const { code, stderr } = await run({
        ...cloud.env({ credentials: 'metadata' }),
        GOOGLE_APPLICATION_CREDENTIALS: name,
        ZEN_TELEMETRY_SAMPLE_RATE: '1',
      })
      expect(code).toBe(0)
      expect(stderr.match(/warn/g)).toHaveLength(1)
      expect(stderr).toContain(`GOOGLE_APPLICATION_CREDENTIALS="${name}"`)
      expect(stderr).toContain(says)
      expect(cloud.spans()).toHaveLength(8)
    },
  )

  it.each([
    { title: 'its parent is a file', path: () => join(file('a file, not a folder'), 'below') },
    // Node never returns from making a folder there together with its parents.
    { title: 'the file system makes no folders', path: () => '/proc/state/zen' },
  ])('is one warning when the state folder cannot be made: $title', async ({ path }) => {
    const folder = path()
    const { code, stderr } = await run({ ...localEnvironment(), ZEN_TELEMETRY_DIR: folder })
    expect(code).toBe(0)
    expect(stderr).toContain('ZEN_TELEMETRY_DIR')
    expect(stderr).toContain(folder)
    expect(stderr.match(/ZEN_TELEMETRY_DIR/g)).toHaveLength(1)
  })

  it('is shown nowhere when stderr cannot be written, and nothing is lost', async () => {
    const full = openSync('/dev/full', 'w')
    const child = spawn(process.execPath, PROGRAM, {
      cwd: application.folder,
      env: {
        ...cloud.env({ credentials: 'metadata' }),
        ZEN_TELEMETRY_SAMPLE_RATE: '1',
        ZEN_TELEMETRY_PROFILE: 'fast',
      },
      stdio: ['ignore', 'ignore', full],
    })
    const [code] = await once(child, 'exit')
    closeSync(full)
    expect(code).toBe(0)
    expect(cloud.spans()).toHaveLength(8)
  })
})
