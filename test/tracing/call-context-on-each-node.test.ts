import { beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../support/bundle.ts'
import { nodeLines, oldestReleases } from '../support/node-lines.ts'
import { runProgram } from '../support/run-program.ts'

let program = ''
beforeAll(async () => {
  program = await bundle(new URL('call-context-program.ts', import.meta.url))
})

interface Said {
  readonly seen: Readonly<Record<string, unknown>>
  /** Whether the store is put where Node puts it, without `run`. */
  readonly short: boolean
}

async function run(binary: string, flags: readonly string[] = []): Promise<Said> {
  const { code, stdout, stderr } = await runProgram(binary, [...flags, program], { cwd: '.', env: {} })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as Said
}

const SEEN = {
  before: 'nothing, undefined',
  call: 'outer, own',
  'call in a call': 'inner, own',
  'after a call in a call': 'outer, own',
  'after a call that failed': 'outer, own',
  function: 'function, own',
  'without the own one': 'outer, undefined',
  promise: 'outer, own',
  timer: 'outer, own',
  'call in a timer': 'late, own',
  'after a call in a timer': 'outer, own',
  'after the call': 'nothing, own',
  this: ['self', 1, 2, 'x'],
  'after everything': 'nothing, undefined',
}

const RELEASES = [
  ...nodeLines().map(({ major, binary }) => ({ release: String(major), binary })),
  ...oldestReleases(),
]

describe.each(RELEASES)('what is active on Node $release', ({ release, binary }) => {
  it('is what was called, and goes along with what that begins', async () => {
    const { seen, short } = await run(binary)
    expect(seen).toEqual(SEEN)
    // Where Node changes how it keeps a store, calls go on by `run`, and this says so.
    expect(short).toBe(/^(20|22)\b/.test(release))
  })
})

it('is the same on Node 22 with contexts as newer lines have them', async () => {
  const { binary } = nodeLines().find(({ major }) => major === 22)!
  expect(await run(binary, ['--experimental-async-context-frame'])).toEqual({ seen: SEEN, short: false })
})
