import { describe, expect, it } from 'vitest'
import { hookModules, type RegisterHooks, reportRequired } from '../../src/hooks/module-hook.ts'
import { load as loaderLoad, resolve as loaderResolve } from '../../src/hooks/module-loader.ts'
import { zenTarget } from '../../src/targets/zen-target.ts'

const ZEN = 'file:///app/node_modules/zen/index.mjs'
const OTHER = 'file:///app/node_modules/other/index.mjs'

interface Loaded {
  readonly format?: string | null
  readonly source?: string | ArrayBuffer | Uint8Array | null
}

interface Hooks {
  load(url: string, context: object, next: () => unknown): unknown
  resolve(specifier: string, context: object, next: () => unknown): unknown
}

/** The hooks as this thread registers them, on any Node version. */
function synchronousHooks(onWorkerThreads = (): void => {}): {
  hooks: Hooks
  seen: unknown[][]
  deregistered: () => boolean
  undo: () => void
} {
  let registered: Hooks | undefined
  let deregistered = false
  const seen: unknown[][] = []
  const registerHooks: RegisterHooks = (hooks) => {
    registered = hooks as Hooks
    return { deregister: () => (deregistered = true) }
  }
  const undo = hookModules(
    registerHooks,
    (url) => zenTarget.matches(url),
    (source) => source,
    onWorkerThreads,
    (url, format) => seen.push([url, format]),
  )
  return { seen, hooks: registered!, deregistered: () => deregistered, undo }
}

const WAYS: [string, () => Hooks][] = [
  ['the synchronous hooks', () => synchronousHooks().hooks],
  [
    'the loader thread',
    () => ({
      load: (url, context, next) => loaderLoad(url, context, async () => next() as never),
      resolve: (specifier, context, next) => loaderResolve(specifier, context, async () => next() as never),
    }),
  ],
]

describe.each(WAYS)('%s', (_, make) => {
  const load = async (url: string, loaded: Loaded): Promise<Loaded> =>
    (await make().load(url, {}, () => loaded)) as Loaded

  it.each<[string, Loaded['source']]>([
    ['text', 'export {}'],
    ['bytes', new TextEncoder().encode('export {}')],
    ['a buffer', new TextEncoder().encode('export {}').buffer],
  ])('let a target report itself where its source is %s', async (_kind, source) => {
    const loaded = await load(ZEN, { format: 'module', source: source! })
    expect(loaded.format).toBe('module')
    expect(loaded.source).toMatch(/^export \{\}\n/)
    expect(loaded.source).toContain(`moduleLoaded(`)
    expect(loaded.source).toContain(JSON.stringify(ZEN))
  })

  it.each<[string, string, Loaded]>([
    ['another module', OTHER, { format: 'module', source: 'export {}' }],
    ['a builtin module', 'node:fs', { format: 'builtin', source: null }],
    ['a CommonJS module', ZEN, { format: 'commonjs', source: null }],
    ['a module without source', ZEN, { format: 'module', source: null }],
  ])('give on %s as it came', async (_kind, url, loaded) => {
    expect(await load(url, loaded)).toBe(loaded)
  })

  it('bring a target that imports itself back to itself, and nothing else', async () => {
    const elsewhere = { url: 'file:///elsewhere.mjs' }
    const resolved = async (specifier: string, parentURL?: string): Promise<unknown> =>
      make().resolve(specifier, { parentURL }, () => elsewhere)
    expect(await resolved(ZEN, ZEN)).toEqual({ url: ZEN, shortCircuit: true })
    expect(await resolved(ZEN, OTHER)).toBe(elsewhere)
    expect(await resolved(OTHER, OTHER)).toBe(elsewhere)
    expect(await resolved('zen')).toBe(elsewhere)
  })
})

it('the loader thread lets a CommonJS module report itself where a loader made its source', async () => {
  const made = { format: 'commonjs', source: 'exports.a = 1 // a comment' }
  const loaded = await loaderLoad(ZEN, {}, async () => made as never)
  expect(loaded.source).toMatch(/^exports\.a = 1 \/\/ a comment\n/)
  expect(loaded.source).toContain(`moduleLoaded(module.exports, ${JSON.stringify(ZEN)})`)
})

it('the synchronous hooks tell of each module and its format', () => {
  const { hooks, seen } = synchronousHooks()
  hooks.load(OTHER, {}, () => ({ format: 'module', source: '' }))
  hooks.load('node:fs', {}, () => ({ format: 'builtin', source: null }))
  expect(seen).toEqual([
    [OTHER, 'module'],
    ['node:fs', 'builtin'],
  ])
})

it('a target that was read by require() before there were hooks reports itself if it is an ES module', () => {
  const path = '/app/node_modules/zen/index.mjs'
  const reported = reportRequired('export {}', 'module', path)
  expect(reported).toContain(`moduleLoaded(`)
  expect(reported).toContain(JSON.stringify(ZEN))
  expect(reportRequired(reported, 'module', path)).toBe(reported)
  for (const format of ['commonjs', undefined]) expect(reportRequired('a', format, path)).toBe('a')
})

it('the synchronous hooks can be taken back', () => {
  const { deregistered, undo } = synchronousHooks()
  expect(deregistered()).toBe(false)
  undo()
  expect(deregistered()).toBe(true)
})

it('the synchronous hooks tell once, before the application has them, that worker threads are asked for', () => {
  const seen: string[] = []
  const { hooks } = synchronousHooks(() => seen.push('told'))
  for (const specifier of ['node:fs', 'node:worker_threads', 'worker_threads']) {
    hooks.resolve(specifier, {}, () => seen.push(specifier))
  }
  expect(seen).toEqual(['node:fs', 'told', 'node:worker_threads', 'worker_threads'])
})
