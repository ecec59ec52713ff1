import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { installApplication } from '../support/application.ts'
import { type Canaries, plantCanaries } from '../support/canaries.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { createPublicBuild, type PublicBuild } from '../support/public-build.ts'
import { repository } from '../support/repository.ts'
import { runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

const PUBLIC_PROJECT = 'zen-telemetry-public'
const ENDINGS = ['return', 'exit', 'throw', 'reject', 'signal', 'kill'] as const
type Ending = (typeof ENDINGS)[number]

let cloud: GoogleCloud
let build: PublicBuild
beforeAll(async () => {
  cloud = await startGoogleCloud({ projectId: PUBLIC_PROJECT, projects: [PUBLIC_PROJECT, 'tea-house-42'] })
  build = createPublicBuild()
  build.build(cloud.serviceAccountKey(PUBLIC_PROJECT))
})
afterAll(async () => {
  build.remove()
  await cloud.close()
})
afterEach(() => cloud.reset())

interface Run {
  readonly env: Readonly<Record<string, string>> & { readonly ZEN_TELEMETRY_DIR: string }
  readonly register: string
  readonly ending: Ending
}

/** All that the run has left behind, and that left the process. */
interface Traces {
  readonly canaries: Canaries
  readonly received: string
  readonly disk: string
  readonly log: string
}

/** In a namespace of its own, the machine and the user have the names that were planted. */
const AS_SOMEBODY = 'hostname "$1"; mount --bind "$2" /etc/passwd; shift 2; exec "$@"'

async function run({ env, register, ending }: Run): Promise<Traces> {
  const canaries = plantCanaries()
  const application = installApplication('shop-cjs', 'zen-cjs')
  const folder = join(realpathSync(mkdtempSync(join(tmpdir(), 'canary-'))), canaries.folder)
  renameSync(application.folder, folder)
  mkdirSync(join(folder, 'node_modules', '@opentelemetry'))
  symlinkSync(
    join(repository, 'node_modules', '@opentelemetry', 'api'),
    join(folder, 'node_modules', '@opentelemetry', 'api'),
  )
  writeFileSync(join(folder, 'customers.json'), JSON.stringify(canaries.book))
  const manifest = { name: canaries.packageName, version: canaries.packageVersion, type: 'commonjs' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const passwd = join(folder, '..', 'passwd')
  writeFileSync(passwd, `${canaries.user}:x:${process.getuid?.() ?? 0}:0::/:/bin/sh\n`)

  const node = [process.execPath, '--require', register, 'app.cjs', `--end=${ending}`, canaries.argument]
  const somebody = [
    'unshare',
    '--uts',
    '--mount',
    'sh',
    '-c',
    AS_SOMEBODY,
    'sh',
    canaries.host,
    passwd,
    ...node,
  ]
  const command = somebody.map((word) => `'${word}'`).join(' ')
  const { stdout, stderr } = await runProgram('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    env: {
      ZEN_TELEMETRY_SAMPLE_RATE: '1',
      ZEN_TELEMETRY_LOG_LEVEL: 'debug',
      ZEN_TELEMETRY_EXIT_TIMEOUT: '30',
      ...env,
      ...canaries.environment,
      TERM: 'xterm',
    },
  })
  expect(stdout, stderr).toContain('billed')
  const requests = cloud
    .requests()
    .map(({ body, ...rest }) => `${JSON.stringify(rest)}\n${body.toString('latin1')}`)
  return {
    canaries,
    received: requests.join('\n'),
    disk: contentOf(env.ZEN_TELEMETRY_DIR),
    log: stdout
      .split('\n')
      .filter((line) => line.includes('[zen-telemetry]'))
      .join('\n'),
  }
}

/** Names and content of all files below a folder. */
function contentOf(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'latin1')}`)
    .join('\n')
}

/** The secrets that are found anywhere, each with the place where it was found. */
function hits({ received, disk, log }: Traces, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).flatMap(([kind, secret]) =>
    Object.entries({ received, disk, log })
      .filter(([, text]) => formsOf(secret).some((form) => text.includes(form)))
      .map(([place]) => `${kind} in ${place}`),
  )
}

function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64').replaceAll('=', '').slice(0, -1)
  return [secret, secret.replaceAll(' ', ''), encodeURIComponent(secret), base64]
}

/** Whatever it is for: nothing that is a token or a key. */
function credentialsIn({ disk, log }: Traces): string[] {
  const keys = [join(build.folder, 'key.json')].map(
    (file) => (JSON.parse(readFileSync(file, 'utf8')) as { private_key: string }).private_key,
  )
  const patterns = [
    /ya29\.[\w.-]+/,
    /eyJ[\w-]+\.eyJ[\w-]+/,
    /[Bb]earer [\w.-]{8,}/,
    /PRIVATE KEY-----\S*\s?[A-Za-z0-9+/]{20}/,
  ]
  return [
    ...patterns.flatMap((pattern) => pattern.exec(`${disk}\n${log}`)?.[0] ?? []),
    ...keys.filter((key) => `${disk}\n${log}`.includes(key.split('\n')[1] ?? key)),
  ]
}

const PRIVATE = { ZEN_GCP_PROJECT: 'tea-house-42' }

describe.each([
  { title: 'private mode, cloud-trace', more: PRIVATE },
  {
    title: 'private mode, otlp',
    more: { ...PRIVATE, ZEN_TELEMETRY_EXPORTER: 'otlp' },
  },
  {
    title: 'private mode, where nobody answers and the journal keeps all',
    more: { ...PRIVATE, ZEN_TELEMETRY_ENDPOINT: '127.0.0.1:1', ZEN_TELEMETRY_EXIT_TIMEOUT: '1' },
  },
  {
    title: 'local files of a project',
    more: { ...PRIVATE, ZEN_TELEMETRY_EXPORTER: 'local' },
  },
])('$title', ({ more }) => {
  it.each(ENDINGS)(
    'lets nothing of the filtered kinds through, and nothing that is never recorded: %s',
    async (ending) => {
      cloud.iam.grant(cloud.metadataEmail, 'tea-house-42')
      const env = { ...localEnvironment(), ...cloud.env({ credentials: 'metadata' }), ...more }
      const traces = await run({ env, register: registerFiles.cjs, ending })
      expect(hits(traces, traces.canaries.filtered)).toEqual([])
      expect(hits(traces, traces.canaries.never)).toEqual([])
      expect(credentialsIn(traces)).toEqual([])
      // The search finds what is recorded: the application's own words.
      const { messageWord = '', className = '', attributeValue = '' } = traces.canaries.words
      if (ending !== 'kill') {
        for (const word of [messageWord, className, attributeValue])
          expect(traces.received + traces.disk).toContain(word)
      }
    },
  )
})

describe('public mode', () => {
  it.each(ENDINGS)('lets nothing through: %s', async (ending) => {
    const { GOOGLE_CLOUD_PROJECT: _, ...env } = cloud.env({ credentials: 'none', projectId: false })
    const traces = await run({
      env: { ...localEnvironment(), ...env },
      register: join(build.folder, 'register.cjs'),
      ending,
    })
    const { filtered, never, words, book } = traces.canaries
    expect(hits(traces, { ...filtered, ...never, ...words, traceId: book['traceId'] ?? '' })).toEqual([])
    expect(credentialsIn(traces)).toEqual([])
    if (ending !== 'kill') expect(cloud.spans().length).toBeGreaterThanOrEqual(3)
  })
})

describe('the search', () => {
  it('finds every filtered kind where the filter is off', async () => {
    const off = { ...PRIVATE, ZEN_TELEMETRY_EXPORTER: 'local', ZEN_TELEMETRY_PII_FILTER: 'off' }
    const traces = await run({
      env: { ...localEnvironment(), ...off },
      register: registerFiles.cjs,
      ending: 'exit',
    })
    const kinds = Object.keys(traces.canaries.filtered)
    expect(hits(traces, traces.canaries.filtered)).toEqual(kinds.map((kind) => `${kind} in disk`))
  })
})

describe('the journal of public mode', () => {
  it('holds nothing either: the second run in a minute only writes to it', async () => {
    const { GOOGLE_CLOUD_PROJECT: _, ...others } = cloud.env({ credentials: 'none', projectId: false })
    const env = { ...localEnvironment(), ...others }
    const register = join(build.folder, 'register.cjs')
    await run({ env, register, ending: 'exit' })
    const traces = await run({ env, register, ending: 'exit' })
    const { filtered, never, words, book } = traces.canaries
    expect(traces.disk).toContain('zen.orchestrator.process_command')
    expect(hits(traces, { ...filtered, ...never, ...words, traceId: book['traceId'] ?? '' })).toEqual([])
    expect(credentialsIn(traces)).toEqual([])
  })
})

describe('local mode', () => {
  it.each(ENDINGS)(
    'lets nothing of the filtered kinds through, and nothing that is never recorded: %s',
    async (ending) => {
      const traces = await run({ env: localEnvironment(), register: registerFiles.cjs, ending })
      expect(hits(traces, { ...traces.canaries.filtered, ...traces.canaries.never })).toEqual([])
      expect(credentialsIn(traces)).toEqual([])
      if (ending !== 'kill') expect(traces.disk).toContain(traces.canaries.words['messageWord'])
    },
  )
})
