import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { type Application, installApplication } from '../support/application.ts'
import { type LocalSpan, readLocalSpans } from '../support/local-spans.ts'
import { nodeLines } from '../support/node-lines.ts'
import { installedAgent, registerFiles } from '../support/packed-agent.ts'
import { repository } from '../support/repository.ts'
import { type Ended, runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

let application: Application
beforeAll(() => {
  application = installApplication('interface')
  cpSync(installedAgent, join(application.folder, 'node_modules', '@zen', 'telemetry'), { recursive: true })
})
afterAll(() => application.remove())

async function run(
  node: string,
  preload: readonly string[],
  part: string,
  more: Record<string, string> = {},
): Promise<{ ended: Ended; spans: LocalSpan[] }> {
  const env = { ...localEnvironment(), ...more }
  const ended = await runProgram(node, [...preload, 'shop.mjs', part], { cwd: application.folder, env })
  return { ended, spans: readLocalSpans(env['ZEN_TELEMETRY_DIR'] as string) }
}

function named(spans: readonly LocalSpan[], name: string): LocalSpan {
  const found = spans.filter((span) => span.name === name)
  expect(found, name).toHaveLength(1)
  return found[0]!
}

const IMPORT = ['--import', registerFiles.mjs]

for (const line of nodeLines()) {
  describe(`on Node ${line.major}, the programming interface`, () => {
    it('traces functions and classes that are named in code, the built-in class of a bundle included', async () => {
      const plain = await run(line.binary, [], 'wrap')
      const { ended, spans } = await run(line.binary, IMPORT, 'wrap', { GOOGLE_CLOUD_PROJECT: '' })
      expect(ended).toEqual(plain.ended)
      expect(ended).toMatchObject({ code: 0, stderr: '', stdout: 'assam, brewed 8  1 weigh\nECHO\n' })
      expect(spans.map(({ name }) => name).toSorted()).toEqual([
        'Shelf.take',
        'shop.brew',
        'shop.weigh',
        'zen.orchestrator.process_command',
        'zen.orchestrator.run',
      ])
      const brew = named(spans, 'shop.brew')
      expect(brew.attributes).toMatchObject({ kitchen: 'small', tea: 'assam' })
      expect(brew.events.map(({ attributes }) => attributes['exception.type'])).toEqual(['RangeError'])
      expect(named(spans, 'Shelf.take').attributes).toMatchObject({ floor: 1 })
      const root = named(spans, 'zen.orchestrator.run')
      expect(named(spans, 'zen.orchestrator.process_command').parentSpanId).toBe(root.spanId)
    })

    it('links a cost with its trace, both ways', async () => {
      const { ended, spans } = await run(line.binary, IMPORT, 'links')
      expect(ended).toMatchObject({ code: 0, stderr: '' })
      expect(ended.stdout).toBe('true true true\norder-8\nstored 32\norder 2\n')
      expect(named(spans, 'order').attributes).toMatchObject({
        'cost.total_usd': 2,
        'cost.model': 'tea-2',
        'cost.tokens.input': 3,
        'cost.tokens.output': 4,
      })
    })

    it('links what a run says it cost by itself, in private mode', async () => {
      const env = { GOOGLE_CLOUD_PROJECT: 'tea-shop-1', ZEN_TELEMETRY_EXPORTER: 'local' }
      const { spans } = await run(line.binary, IMPORT, 'wrap', env)
      expect(named(spans, 'zen.orchestrator.run').attributes).toMatchObject({
        'cost.total_usd': 0.25,
        'cost.model': 'tea-1',
        'cost.tokens.input': 12,
        'cost.tokens.output': 7,
      })
    })

    it('carries the context to whoever is called, and takes it from whoever calls', async () => {
      const { ended, spans } = await run(line.binary, IMPORT, 'context')
      expect(ended).toMatchObject({ code: 0, stderr: '' })
      expect(ended.stdout).toBe('received received\nreceived\nreceived\na child\n')
      const send = named(spans, 'send')
      const received = spans.filter(({ name }) => name === 'receive')
      const parents = received.map(({ parentSpanId }) => parentSpanId ?? 'none')
      expect(parents.toSorted()).toEqual([send.spanId, send.spanId, 'none'].toSorted())
      const start = named(spans, 'start')
      expect(named(spans, 'child')).toMatchObject({
        traceId: start.traceId,
        parentSpanId: start.spanId,
        attributes: { 'sampling.rate': start.attributes['sampling.rate'] },
      })
      expect(start.attributes['sampling.rate']).toBe(1)
    })

    it('samples as the process that started this one did', async () => {
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-'
      const sampled = await run(line.binary, IMPORT, 'child', {
        TRACEPARENT: `${traceparent}01`,
        ZEN_TELEMETRY_SAMPLE_RATE: '0',
      })
      expect(named(sampled.spans, 'child')).toMatchObject({
        traceId: '0af7651916cd43dd8448eb211c80319c',
        parentSpanId: 'b7ad6b7169203331',
      })
      expect(named(sampled.spans, 'child').attributes).not.toHaveProperty('sampling.rate')
      const quarter = await run(line.binary, IMPORT, 'child', {
        TRACEPARENT: `${traceparent}01`,
        TRACESTATE: 'vendor=1,ot=th:c;rv:ffffffffffffff',
      })
      expect(named(quarter.spans, 'child').attributes).toMatchObject({ 'sampling.rate': 0.25 })
      const not = await run(line.binary, IMPORT, 'child', { TRACEPARENT: `${traceparent}00` })
      expect(not.spans).toEqual([])
    })

    it('changes settings while the application runs, and says which it cannot use', async () => {
      const { ended, spans } = await run(line.binary, IMPORT, 'settings')
      expect(ended).toMatchObject({ code: 0, stdout: 'counted\n' })
      expect(ended.stderr.split('\n').filter(Boolean)).toEqual([
        '[zen-telemetry] warn: configure(): sampleRate: 2 cannot be used; what was before goes on. Set it to a number from 0 to 1.',
        '[zen-telemetry] warn: configure(): batchSize: "many" cannot be used; what was before goes on. Set it to a whole number from 1 to 10000.',
        '[zen-telemetry] warn: configure(): there is no setting "colour".',
      ])
      expect(spans).toHaveLength(2)
    })
  })
}

describe('the programming interface without the agent', () => {
  it.each(['wrap', 'child', 'settings'])('does nothing: %s', async (part) => {
    const off = await run(process.execPath, IMPORT, part, { ZEN_TELEMETRY_DISABLED: 'true' })
    const absent = await run(process.execPath, [], part)
    expect(off).toEqual(absent)
    expect(absent.ended).toMatchObject({ code: 0, stderr: '' })
    expect(absent.spans).toEqual([])
  })

  it('has nothing to link', async () => {
    const { ended } = await run(process.execPath, [], 'links')
    expect(ended.stdout).toBe('untraced undefined undefined\n')
  })
})

describe('linkedData()', () => {
  it('reads the spans of a cost from Cloud Trace, where the credentials may read', async () => {
    const cloud = await startGoogleCloud()
    cloud.iam.grantRead(cloud.metadataEmail, cloud.projectId)
    const { ended } = await run(process.execPath, IMPORT, 'links', cloud.env({ credentials: 'metadata' }))
    await cloud.close()
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout.trimEnd().split('\n').at(-1)).toBe('order 2')
    expect(cloud.requests('cloudTrace').map(({ method }) => method)).toContain('GET')
  })
})

describe('a program in TypeScript', () => {
  it('is compiled with the published types, and its decorated methods are traced', async () => {
    const { folder } = application
    const source = readFileSync(join(folder, 'decorated.ts'), 'utf8')
    const globals = 'declare const console: { log(...all: unknown[]): void }'
    writeFileSync(join(folder, 'decorated.mts'), `${globals}\n${source}`)
    const checks = { strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true, types: [] }
    const compilerOptions = { target: 'es2022', module: 'nodenext', ...checks }
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['decorated.mts'] }),
    )
    const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc')
    const compiled = await runProgram(process.execPath, [tsc, '-p', '.'], { cwd: folder, env: {} })
    expect(compiled).toMatchObject({ code: 0, stdout: '' })

    const env = localEnvironment()
    const ended = await runProgram(process.execPath, [...IMPORT, 'decorated.mjs'], { cwd: folder, env })
    expect(ended).toMatchObject({ code: 0, stderr: '', stdout: 'form 7 seen undefined file\n' })
    const spans = readLocalSpans(env.ZEN_TELEMETRY_DIR)
    const [outer, file, stamp] = ['outside', 'decorated.file', 'clerk.stamp'].map((name) =>
      named(spans, name),
    )
    expect(file?.parentSpanId).toBe(outer?.spanId)
    expect(stamp?.parentSpanId).toBe(file?.spanId)
    expect(stamp?.attributes).toMatchObject({ office: 'north' })
  })
})
