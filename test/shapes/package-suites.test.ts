import { beforeAll, describe, expect, it } from 'vitest'
import { INSTALL_TIMEOUT_MS, installPackages } from '../support/install-packages.ts'
import { readLocalSpans } from '../support/local-spans.ts'
import { nodeLines } from '../support/node-lines.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

/** Packages that are classes, with their own tests in the TAP format, and how many of these and of spans there are at least. */
const SUITES = [
  {
    name: 'fraction.js',
    args: ['node_modules/mocha/bin/mocha.js', '--reporter=tap', 'node_modules/fraction.js/tests/*.js'],
    methods: 'fraction.js#Fraction[*]',
    tests: 300,
    spans: 500,
  },
  {
    name: 'find-my-way',
    args: ['--test-reporter=tap', 'find-my-way.cjs'],
    methods: 'find-my-way#Router[*]',
    tests: 400,
    spans: 5000,
  },
  {
    name: 'memory-level',
    args: ['memory-level.cjs'],
    // Not open() and close(): the suite asserts how many microtasks apart they and their events are.
    methods:
      'abstract-level#AbstractLevel[get,getMany,put,del,batch,has,hasMany,clear,iterator,keys,values,sublevel];' +
      'abstract-level#AbstractIterator[next,nextv,all,seek];abstract-level#AbstractChainedBatch[*]',
    tests: 1000,
    spans: 5000,
  },
] as const

let folder: string
beforeAll(() => {
  folder = installPackages('package-suites')
}, INSTALL_TIMEOUT_MS)

const lines = nodeLines()
describe.each([lines[0], lines.at(-1)].filter((line) => line !== undefined))('on Node $major', (line) => {
  it.each(SUITES)('the tests of $name have the same results while its class is traced', async (suite) => {
    const env = {
      ...localEnvironment(),
      ZEN_TELEMETRY_METHODS: suite.methods,
      ZEN_TELEMETRY_QUEUE_SIZE: '100000',
    }
    const plain = await runProgram(line.binary, suite.args, { cwd: folder, env })
    const traced = await runProgram(line.binary, ['--require', registerFiles.cjs, ...suite.args], {
      cwd: folder,
      env,
    })
    const results = resultsOf(plain.stdout)
    expect(results.length).toBeGreaterThan(suite.tests)
    expect(resultsOf(traced.stdout)).toEqual(results)
    expect(traced.code).toBe(plain.code)
    expect(plain.code).toBe(0)
    expect(readLocalSpans(env.ZEN_TELEMETRY_DIR).length).toBeGreaterThan(suite.spans)
  })
})

/** The lines of a TAP stream that tell a test's result, nested ones included. */
function resultsOf(tap: string): string[] {
  return tap.match(/^ *(?:not )?ok .*$/gm) ?? []
}
