import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { nodeLines } from '../support/node-lines.ts'
import { installedAgent, registerFiles } from '../support/packed-agent.ts'
import { runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

interface Footprint {
  readonly builtins: readonly string[]
  readonly files: readonly string[]
  readonly changed: readonly string[]
  readonly threads: number
  readonly resources: readonly string[]
}

interface Bytes {
  readonly made: number
  readonly kept: number
}

const COUNTER = join(import.meta.dirname, 'children', 'count-modules.cjs')
const FETCH = join(import.meta.dirname, 'children', 'report-fetch.cjs')
const ALLOCATIONS = 'count-allocations.cjs'
/** Modules of Node that cost milliseconds or megabytes, which nothing needs before the first span. */
const HEAVY =
  /^(stream|worker_threads|perf_hooks|crypto|https?|http2|net|tls|dns|child_process|zlib|inspector|os)\b/
/** Each with room for a fifth more than it has today. */
const MOST_BYTES = {
  'agent.cjs': 10_000,
  'module-hook.cjs': 1_900,
  'activate.cjs': 84_000,
  'module-loader.mjs': 6_100,
  'source-rewriter.cjs': 150_000,
  'export/trace-service.cjs': 330_000,
}
/** What Node's own promise and storage do not make: arguments, and what a look at the context and the sampler take. */
const MOST_MADE_OVER_STORAGE = 550
/** The same, and span, ids and times. */
const MOST_MADE_SAMPLED = 1700
const MOST_KEPT = 16
/** Most of it is what a process with spans has once; one span that is kept is twice as much. */
const MOST_KEPT_SAMPLED = 128

let folder: string
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'footprint-')))
  writeFileSync(join(folder, 'idle.cjs'), '')
  writeFileSync(join(folder, 'calls.cjs'), "new (require('zen').ZenOrchestrator)().run(1)\n")
  cpSync(join(import.meta.dirname, 'children', ALLOCATIONS), join(folder, ALLOCATIONS))
  mkdirSync(join(folder, 'node_modules'))
  cpSync(
    join(import.meta.dirname, '..', '..', 'bench', 'packages', 'zen'),
    join(folder, 'node_modules', 'zen'),
    {
      recursive: true,
    },
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function run<T>(binary: string, args: readonly string[], rate: '0' | '1' = '0'): Promise<T> {
  // So that nothing is dropped of many spans that come without a pause.
  const room = { ZEN_TELEMETRY_QUEUE_SIZE: '20000' }
  const env = { ...localEnvironment(), ...(rate === '1' && room), ZEN_TELEMETRY_SAMPLE_RATE: rate }
  const { code, stdout, stderr } = await runProgram(binary, args, { cwd: folder, env })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as T
}

function footprint(binary: string, program: string, preloads: readonly string[]): Promise<Footprint> {
  const flags = [COUNTER, ...preloads].flatMap((file) => ['--require', file])
  return run<Footprint>(binary, [...flags, program])
}

describe.each(Object.entries(MOST_BYTES))('%s', (name, most) => {
  it(`is at most ${most} bytes`, () => {
    expect(statSync(join(installedAgent, 'dist', name)).size).toBeLessThanOrEqual(most)
  })
})

describe.each(nodeLines())('on Node $major', ({ major, binary }) => {
  // What shows that threads or ES modules are about to come.
  const changed = major === 20 ? ['prototype.require'] : ['prototype.require', 'prototype._compile']
  const always =
    major === 20
      ? ['telemetry/register.cjs', 'dist/agent.cjs', 'dist/older-node.cjs']
      : ['telemetry/register.cjs', 'dist/agent.cjs']

  it('a process that loads no target loads what hooks and starts nothing', async () => {
    const plain = await footprint(binary, 'idle.cjs', [])
    const found = await footprint(binary, 'idle.cjs', [registerFiles.cjs])
    expect(found.files).toEqual([...always, ...plain.files])
    expect(found.builtins.filter((name) => HEAVY.test(name))).toEqual([])
    expect(found).toMatchObject({ changed, threads: plain.threads, resources: plain.resources })
  })

  it('a process in which nothing is sampled loads one file more, and starts nothing', async () => {
    const plain = await footprint(binary, 'calls.cjs', [])
    const found = await footprint(binary, 'calls.cjs', [registerFiles.cjs])
    expect(found.files.toSorted()).toEqual([...always, 'dist/activate.cjs', ...plain.files].toSorted())
    expect(found.builtins.filter((name) => HEAVY.test(name))).toEqual([])
    expect(found).toMatchObject({ changed, threads: plain.threads, resources: plain.resources })
  })

  it('the first delivery takes nothing of the fetch of Node', async () => {
    const cloud = await startGoogleCloud()
    onTestFinished(() => cloud.close())
    const env = { ...cloud.env({ credentials: 'metadata' }), ZEN_TELEMETRY_SAMPLE_RATE: '1' }
    const flags = [FETCH, registerFiles.cjs].flatMap((file) => ['--require', file])
    const { code, stdout, stderr } = await runProgram(binary, [...flags, 'calls.cjs'], { cwd: folder, env })
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(cloud.spans()).toHaveLength(1)
  })

  it('a call that is not sampled makes little and keeps nothing', async () => {
    const flags = ['--expose-gc', '--no-opt', '--min-semi-space-size=64']
    const bare = await run<Bytes>(binary, [...flags, ALLOCATIONS, 'bare'])
    const traced = await run<Bytes>(binary, [...flags, '--require', registerFiles.cjs, ALLOCATIONS, 'traced'])
    expect(traced.made - bare.made).toBeLessThan(MOST_MADE_OVER_STORAGE)
    expect(traced.kept - Math.max(0, bare.kept)).toBeLessThan(MOST_KEPT)
  })

  it('a sampled call makes a span and what belongs to it, and keeps nothing', async () => {
    const flags = ['--expose-gc', '--no-opt', '--min-semi-space-size=64']
    const bare = await run<Bytes>(binary, [...flags, ALLOCATIONS, 'bare'])
    const traced = await run<Bytes>(
      binary,
      [...flags, '--require', registerFiles.cjs, ALLOCATIONS, 'traced'],
      '1',
    )
    expect(traced.made - bare.made).toBeLessThan(MOST_MADE_SAMPLED)
    expect(traced.kept - Math.max(0, bare.kept)).toBeLessThan(MOST_KEPT_SAMPLED)
  })
})
