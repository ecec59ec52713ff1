import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { INSTALL_TIMEOUT_MS, installPackages } from '../support/install-packages.ts'
import { readLocalSpans } from '../support/local-spans.ts'
import { nodeLines } from '../support/node-lines.ts'
import { installedAgent } from '../support/packed-agent.ts'
import { createPublicBuild, type PublicBuild } from '../support/public-build.ts'
import { repository } from '../support/repository.ts'
import { type Ended, runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

const PUBLIC_PROJECT = 'zen-telemetry-public'
/** With this file in the state folder, the notice of public mode has been shown. */
const NOTICE_FILE = 'public-notice-2026-11'

/** When the application sets its tracing up, and how both are loaded. */
const ORDERS = [
  { when: 'is preloaded before the agent', first: 'own', flag: '--require', program: ['shop.mjs'] },
  { when: 'is preloaded after the agent', first: 'agent', flag: '--import', program: ['shop.mjs'] },
  {
    when: 'is set up by the application when it has been traced already',
    first: undefined,
    flag: '--import',
    program: ['shop.mjs', 'late'],
  },
] as const

/** A span of either side. */
interface AnySpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string | undefined
}

/** What the application prints of one of its own spans. */
interface OwnSpan {
  readonly span: string
  readonly traceId: string
  readonly spanId: string
  readonly parent?: string | undefined
}

/** The paths to all leaves, both sides' spans together, where the mode lets them find each other. */
const TOGETHER = [
  '(sender) > order 1 > run > process_command > price tea > GET /prices',
  '(sender) > order 1 > run > process_command > reserve tea',
  'order 2 > run > process_command > mail bob',
  'order 2 > run > process_command > price cup > GET /prices',
  'order 3 > run > process_command > price pot > GET /prices',
  'order 3 > run > process_command > refuse',
  'run > process_command > price stock > GET /prices',
]
/** The same of the agent's spans where it knows nothing of the application's, whose sampling does not count then. */
const ALONE = Array.from({ length: 10 }, () => 'run > process_command')
const EARLY = 'run > process_command'

let cloud: GoogleCloud
let publicCloud: GoogleCloud
let build: PublicBuild
beforeAll(async () => {
  cloud = await startGoogleCloud()
  publicCloud = await startGoogleCloud({ projectId: PUBLIC_PROJECT })
  build = createPublicBuild()
  build.build(publicCloud.serviceAccountKey(PUBLIC_PROJECT))
})
afterAll(async () => {
  build.remove()
  await cloud.close()
  await publicCloud.close()
})

/** How one mode is reached, and what is expected of it. */
interface Mode {
  readonly mode: string
  /** Whether each side sees the other's active span. */
  readonly shared: boolean
  /** Where the agent is installed. */
  readonly folder: () => string
  readonly env: () => Record<string, string>
  readonly spans: (env: Readonly<Record<string, string>>) => readonly AnySpan[]
}

const inCloud = { folder: () => installedAgent, spans: () => cloud.spans() }
const inFiles = {
  folder: () => installedAgent,
  spans: (env: Readonly<Record<string, string>>) => readLocalSpans(env['ZEN_TELEMETRY_DIR'] ?? ''),
}
const MODES: readonly Mode[] = [
  {
    mode: 'private with cloud-trace',
    shared: true,
    ...inCloud,
    env: () => privateEnvironment('cloud-trace'),
  },
  { mode: 'private with otlp', shared: true, ...inCloud, env: () => privateEnvironment('otlp') },
  { mode: 'local', shared: true, ...inFiles, env: localEnvironment },
  {
    mode: 'public',
    shared: false,
    folder: () => build.folder,
    spans: () => publicCloud.spans(),
    env: publicEnvironment,
  },
  {
    mode: 'switched off',
    shared: false,
    ...inFiles,
    env: () => ({ ...localEnvironment(), ZEN_TELEMETRY_DISABLED: 'true' }),
  },
]

function privateEnvironment(exporter: string): Record<string, string> {
  const env = cloud.env({ credentials: 'metadata' })
  return { ...env, ZEN_TELEMETRY_SAMPLE_RATE: '1', ZEN_TELEMETRY_EXPORTER: exporter }
}

function publicEnvironment(): Record<string, string> {
  const env = { ...localEnvironment(), ...publicCloud.env({ credentials: 'none', projectId: false }) }
  writeFileSync(join(env.ZEN_TELEMETRY_DIR, NOTICE_FILE), '')
  return { ...env, ZEN_TELEMETRY_EXIT_TIMEOUT: '20' }
}

const lines = nodeLines()
/** OpenTelemetry 3 needs Node 22.15. */
const SDKS = [
  { sdk: 2, zen: 'zen-cjs', nodes: lines, everyMode: lines[0] },
  { sdk: 3, zen: 'zen-esm', nodes: lines.filter(({ major }) => major >= 22), everyMode: lines.at(-1) },
]

describe.each(SDKS)("an application's own OpenTelemetry $sdk", ({ sdk, zen, nodes, everyMode }) => {
  const tracing = `./tracing-${sdk}.cjs`
  let folder: string
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(installPackages(`own-sdk/sdk-${sdk}`), 'app-')))
    cpSync(join(repository, 'fixtures', 'apps', 'own-sdk'), folder, { recursive: true })
    const library = join(repository, 'fixtures', 'packages', zen)
    cpSync(library, join(folder, 'node_modules', 'zen'), { recursive: true })
  }, INSTALL_TIMEOUT_MS)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const start = (node: string, args: readonly string[], env: Record<string, string>): Promise<Ended> =>
    runProgram(node, args, { cwd: folder, env: { ...env, SHOP_TRACING: tracing } })

  describe.each(nodes)('on Node $major,', ({ binary, major }) => {
    // The cheapest mode on all lines, all modes on one.
    const all = major === everyMode?.major
    for (const { when, first, flag, program } of ORDERS) {
      let plain: Promise<Ended> | undefined
      it.each(MODES.filter(({ mode }) => all || mode === 'local'))(`${when}, $mode`, async (mode) => {
        const own = first === undefined ? [] : [`${flag}=${tracing}`]
        const agent = `${flag}=${mode.folder()}/register.${flag === '--require' ? 'cjs' : 'mjs'}`
        const both = first === 'own' ? [...own, agent] : [agent, ...own]
        const without = await (plain ??= start(binary, [...own, ...program], localEnvironment()))
        expect(without).toMatchObject({ code: 0, stderr: '' })
        expect(without.stdout.match(/^globals .* true true true true$/gm)).toHaveLength(2)

        cloud.reset()
        publicCloud.reset()
        const env = mode.env()
        const traced = await start(binary, [...both, ...program], env)
        const spans = mode.spans(env)
        const early = first === undefined ? [EARLY] : []
        if (mode.shared) {
          const stdout = withoutAgent(traced.stdout, spans)
          expect({ ...traced, stdout }).toEqual({ ...without, stdout: withoutAgent(without.stdout, []) })
          expect(paths([...spans, ...ownSpans(traced.stdout)])).toEqual([...TOGETHER, ...early].toSorted())
        } else {
          expect(traced).toEqual(without)
          expect(paths(spans)).toEqual(mode.mode === 'public' ? [...ALONE, ...early] : [])
        }
      })
    }
  })
})

function printed(stdout: string): OwnSpan[] {
  return (stdout.match(/^\{.*\}$/gm) ?? []).map((line) => JSON.parse(line) as OwnSpan)
}

function ownSpans(stdout: string): AnySpan[] {
  return printed(stdout).map(({ span, parent, ...ids }) => ({ ...ids, name: span, parentSpanId: parent }))
}

/**
 * What the application would have printed without the agent: above each of its spans, those of the agent are left out.
 * The trace that the agent began has an id that the application's would not have.
 */
function withoutAgent(stdout: string, agentSpans: readonly AnySpan[]): string {
  const parents = new Map(agentSpans.map(({ spanId, parentSpanId }) => [spanId, parentSpanId]))
  const joined = printed(stdout).find(({ span }) => span === 'price stock')?.traceId ?? ''
  const line = (text: string): string => {
    const span = JSON.parse(text) as OwnSpan
    let { parent } = span
    while (parent !== undefined && parents.has(parent)) parent = parents.get(parent)
    return JSON.stringify({ ...span, parent })
  }
  return stdout.replaceAll(joined, '<joined>').replaceAll(/^\{.*\}$/gm, line)
}

/** The names from the root to each span that has none below it. */
function paths(spans: readonly AnySpan[]): string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]))
  const above = new Set(spans.map(({ parentSpanId }) => parentSpanId))
  const path = (id: string): string[] => {
    const span = byId.get(id)
    if (span === undefined) return ['(sender)']
    const up = span.parentSpanId === undefined ? [] : path(span.parentSpanId)
    return [...up, span.name.replace('zen.orchestrator.', '')]
  }
  return [...byId.keys()]
    .filter((id) => !above.has(id))
    .map((id) => path(id).join(' > '))
    .toSorted()
}
