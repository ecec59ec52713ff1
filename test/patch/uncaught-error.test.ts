import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { bundle } from '../support/bundle.ts'
import { runNode } from '../support/run-node.ts'
import type { Ended } from '../support/run-program.ts'
import { tempFolder } from '../support/temp-folder.ts'

let wrapper = ''
beforeAll(async () => {
  wrapper = await bundle(new URL('wrap-class.ts', import.meta.url))
})

const KINDS = {
  CommonJS: { file: 'app.cjs', load: (path: string) => `const { wrapClass } = require(${path})` },
  'an ES module': {
    file: 'app.mjs',
    load: (path: string) =>
      `import { createRequire } from 'node:module'; const { wrapClass } = createRequire(import.meta.url)(${path})`,
  },
} as const
type Kind = keyof typeof KINDS

/** Runs the same program twice, with and without the class patched: what it does, and what it writes. */
async function bothWays(kind: Kind, run: string, call: string): Promise<{ plain: Ended; wrapped: Ended }> {
  const { file, load } = KINDS[kind]
  const folder = tempFolder({
    [file]: `${load(JSON.stringify(wrapper))}
class ZenOrchestrator {
  ${run}
}
if (process.argv.includes('--wrapped')) wrapClass({ ZenOrchestrator })
const zen = new ZenOrchestrator()
${call}
`,
  })
  const program = join(folder, file)
  const [plain, wrapped] = await Promise.all([runNode([program]), runNode([program, '--wrapped'])])
  return { plain, wrapped }
}

/** Frames of the agent may stand in stacks; Node counts those that a cause has in common with its error. */
function withoutFrames({ stderr }: Ended): string {
  return stderr.replaceAll(/^\s+(at .*|\.\.\. \d+ lines matching cause stack trace \.\.\.)\n/gm, '')
}

const THROWS: [string, string][] = [
  ['an error', "run() { throw new Error('broken') }"],
  ['an error with a message of several lines', "run() { throw new TypeError('one\\ntwo\\n  three') }"],
  [
    'an error of a class of its own',
    "run() { class PaymentError extends Error {} throw new PaymentError('broken') }",
  ],
  [
    'an error with a cause and fields',
    "run() { throw Object.assign(new Error('broken', { cause: new Error('why') }), { code: 5 }) }",
  ],
  ['an error of the language', 'run() { return undefined.property }'],
  ['an error of the language in an expression', 'run() { const zen = {};\n\treturn 1 + zen.missing() }'],
  [
    'an error from further in',
    "run() { [1].map(() => { this.deeper() }) }\n\tdeeper() {\n\t\tthrow new Error('deep')\n  }",
  ],
  ['a frozen error', "run() { throw Object.freeze(new Error('frozen')) }"],
  [
    'an error that an inner call of the class has thrown',
    "run(depth = 3) { if (depth === 0) throw new Error('inner'); return this.run(depth - 1) }",
  ],
  [
    'an error whose message looks like a frame',
    "run() { throw new Error('x\\n    at fake (/etc/hostname:1:1)\\ny') }",
  ],
]

describe.each(Object.keys(KINDS) as Kind[])('a program that is %s, ended by an uncaught error', (kind) => {
  it.each(THROWS)('writes to stderr what it would write without the agent: %s', async (_, run) => {
    const { plain, wrapped } = await bothWays(kind, run, 'zen.run()')
    expect(plain.stderr).toContain('^')
    expect(withoutFrames(wrapped)).toBe(withoutFrames(plain))
    expect([wrapped.code, wrapped.signal, wrapped.stdout]).toEqual([plain.code, plain.signal, plain.stdout])
    expect(wrapped.code).toBe(1)
  })

  it.each([
    ['in a timer', "run() { throw new Error('broken') }", 'setTimeout(() => zen.run(), 1)'],
    [
      'in an event listener',
      "run() { throw new Error('broken') }",
      "process.on('exit', () => {}); process.nextTick(() => zen.run())",
    ],
  ])('writes the same where it is thrown %s', async (_, run, call) => {
    const { plain, wrapped } = await bothWays(kind, run, call)
    expect(plain.stderr).toContain("throw new Error('broken')")
    expect(withoutFrames(wrapped)).toBe(withoutFrames(plain))
  })
})

describe('an error that does not end the process', () => {
  it.each([
    ['is caught', 'try { zen.run() } catch (error) { console.log(error.message) }'],
    [
      'is dealt with by a listener',
      "process.on('uncaughtException', (error) => console.log(error.message)); zen.run()",
    ],
    [
      'is dealt with by a callback',
      'process.setUncaughtExceptionCaptureCallback((error) => console.log(error.message)); setTimeout(() => zen.run(), 1)',
    ],
  ])('writes nothing where it %s', async (_, call) => {
    const { wrapped } = await bothWays('CommonJS', "run() { throw new Error('broken') }", call)
    expect([wrapped.code, wrapped.stdout, wrapped.stderr]).toEqual([0, 'broken\n', ''])
  })

  it('says nothing of itself when another error ends the process', async () => {
    const call = "try { zen.run() } catch {}\nthrow new Error('other')"
    const { plain, wrapped } = await bothWays('CommonJS', "run() { throw new Error('broken') }", call)
    expect(plain.stderr).toContain("throw new Error('other')")
    expect(withoutFrames(wrapped)).toBe(withoutFrames(plain))
  })
})

describe('a rejection', () => {
  it.each([
    ['of an async method', "async run() { await null; throw new Error('broken') }"],
    ['of a method that returns a promise', "run() { return Promise.reject(new RangeError('broken')) }"],
    ['with what is no error', "run() { return Promise.reject('text') }"],
  ])('that nobody handles ends the process as without the agent: %s', async (_, run) => {
    for (const kind of Object.keys(KINDS) as Kind[]) {
      const { plain, wrapped } = await bothWays(kind, run, 'zen.run()')
      expect([wrapped.code, wrapped.stdout]).toEqual([1, plain.stdout])
      expect(withoutFrames(wrapped)).toBe(withoutFrames(plain))
    }
  })

  it('that nobody handles is told to the listener once, with the very error and the promise the application has', async () => {
    const call = `let result
process.on('unhandledRejection', (error, promise) => console.log(error.message, promise === result))
result = zen.run()`
    const { plain, wrapped } = await bothWays('CommonJS', "async run() { throw new Error('broken') }", call)
    expect(plain.stdout).toBe('broken true\n')
    expect(wrapped).toEqual(plain)
  })

  it('that is handled, also later in the same turn, is told to nobody', async () => {
    const call = `process.on('unhandledRejection', () => console.log('unhandled'))
const result = zen.run()
Promise.resolve().then(() => result.catch((error) => console.log(error.message)))`
    const { plain, wrapped } = await bothWays('CommonJS', "async run() { throw new Error('broken') }", call)
    expect(plain.stdout).toBe('broken\n')
    expect(wrapped).toEqual(plain)
  })
})
