import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { AGENT_KEY } from '../../src/shared/agent-key.ts'
import { canReport, withSelfReport } from '../../src/hooks/self-report.ts'
import { runNode } from '../support/run-node.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** Runs a program whose module `zen.mjs` reports itself; what is reported is collected in `reports`. */
async function run(zen: string, program: string, more: Record<string, string> = {}): Promise<unknown> {
  const folder = tempFolder(more)
  const url = pathToFileURL(join(folder, 'zen.mjs')).href
  const root = tempFolder({
    'agent.mjs': `
      globalThis.reports = []
      globalThis[Symbol.for(${JSON.stringify(AGENT_KEY)})] = {
        moduleLoaded: (namespace, url) => reports.push({ namespace, url }),
      }`,
  })
  const { writeFileSync } = await import('node:fs')
  writeFileSync(join(folder, 'zen.mjs'), withSelfReport(zen, url))
  writeFileSync(join(folder, 'app.mjs'), program)
  const ended = await runNode([
    '--import',
    pathToFileURL(join(root, 'agent.mjs')).href,
    join(folder, 'app.mjs'),
  ])
  expect(ended.stderr).toBe('')
  return JSON.parse(ended.stdout)
}

describe('a module that reports itself', () => {
  it('hands over the very namespace its importers get, once, after it has run', async () => {
    const result = await run(
      'export class ZenOrchestrator {}\nexport let ready = false\nawait 0\nready = true',
      `import * as zen from './zen.mjs'
       await import('./zen.mjs')
       console.log(JSON.stringify([reports.length, reports[0].namespace === zen, reports[0].namespace.ready]))`,
    )
    expect(result).toEqual([1, true, true])
  })

  it('keeps live bindings, star exports, cycles and its list of exports', async () => {
    const result = await run(
      `export * from './other.mjs'
       import { seen } from './circular.mjs'
       export let count = 0
       export function increment() { count++ }
       export default seen`,
      `import zen, { count, increment, other } from './zen.mjs'
       import * as all from './zen.mjs'
       increment()
       console.log(JSON.stringify([count, other, zen, Object.keys(all)]))`,
      {
        'other.mjs': 'export const other = 2',
        'circular.mjs': `import * as zen from './zen.mjs'\nexport const seen = typeof zen`,
      },
    )
    expect(result).toEqual([1, 2, 'object', ['count', 'default', 'increment', 'other']])
  })

  it('keeps its line numbers, whatever its first and last lines are', async () => {
    const result = await run(
      "#!/usr/bin/env node\nexport const line = () => new Error('x').stack.match(/zen\\.mjs:(\\d+)/)[1] // last",
      `import { line } from './zen.mjs'\nconsole.log(JSON.stringify([line(), reports.length]))`,
    )
    expect(result).toEqual(['2', 1])
  })

  it('works without an agent', () => {
    expect(withSelfReport('', 'file:///zen.mjs')).toContain('?.moduleLoaded(')
  })

  it('is not made to report twice', () => {
    const once = withSelfReport('export {}', 'file:///zen.mjs')
    expect(withSelfReport(once, 'file:///zen.mjs')).toBe(once)
  })

  it('quotes its URL', () => {
    expect(withSelfReport('', 'file:///a"b.mjs')).toContain('from "file:///a\\"b.mjs"')
  })
})

describe('the formats that can report', () => {
  it.each(['module', 'module-typescript'])('include %s', (format) => expect(canReport(format)).toBe(true))
  it.each(['commonjs', 'json', 'wasm', 'builtin', 'addon', null, undefined])('do not include %s', (format) =>
    expect(canReport(format)).toBe(false),
  )
})
