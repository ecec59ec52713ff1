import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Application, installApplication } from '../support/application.ts'
import { type LocalSpan, readLocalSpans } from '../support/local-spans.ts'
import { nodeLines } from '../support/node-lines.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { runProgram, type Running, startProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

let commonJs: Application
let modules: Application
beforeAll(() => {
  commonJs = installApplication('threads', 'zen-cjs')
  modules = installApplication('threads', 'zen-esm')
})
afterAll(() => {
  commonJs.remove()
  modules.remove()
})

const REQUIRE = ['--require', registerFiles.cjs]

/** Days on which the kitchen stays open until SIGTERM, and the runs that are cooked until then. */
const OPEN_DAYS = [
  { day: 'workers', what: 'only worker threads trace', runs: 6 },
  { day: 'mainFirst', what: 'the main thread traces first, and a worker has a worker', runs: 3 },
  { day: 'sentHome', what: 'a worker is terminated before the main thread traces', runs: 3 },
]

/** A program that waits for SIGTERM. */
async function open(node: string, args: readonly string[], env: Record<string, string>): Promise<Running> {
  const program = startProgram(node, args, { cwd: commonJs.folder, env })
  await program.printed('ready')
  return program
}

function threadsOf({ child }: Running): number {
  return readdirSync(`/proc/${child.pid}/task`).length
}

function count(spans: readonly LocalSpan[], name: string): number {
  return spans.filter((span) => span.name === `zen.orchestrator.${name}`).length
}

for (const line of nodeLines()) {
  describe(`on Node ${line.major}, the threads of a process`, () => {
    it.each(OPEN_DAYS)('share one export thread where $what', async ({ day, runs }) => {
      const env = localEnvironment()
      const [plain, traced] = await Promise.all([
        open(line.binary, ['kitchen.cjs', day], env),
        open(line.binary, [...REQUIRE, 'kitchen.cjs', day], env),
      ])
      // A thread that has ended for JavaScript may still be there for the kernel.
      await expect.poll(() => threadsOf(traced) - threadsOf(plain), { timeout: 20_000 }).toBe(1)
      plain.child.kill('SIGTERM')
      traced.child.kill('SIGTERM')
      expect(await traced.ended).toEqual(await plain.ended)
      expect(await traced.ended).toMatchObject({ code: 0, signal: null, stderr: '' })
      expect(count(readLocalSpans(env.ZEN_TELEMETRY_DIR), 'run')).toBe(runs)
    })

    it('lose nothing when a worker ends by process.exit() in the middle of a call', async () => {
      const env = localEnvironment()
      const options = { cwd: commonJs.folder, env }
      const plain = await runProgram(line.binary, ['kitchen.cjs', 'leaves'], options)
      const traced = await runProgram(line.binary, [...REQUIRE, 'kitchen.cjs', 'leaves'], options)
      expect(traced).toEqual(plain)
      const spans = readLocalSpans(env.ZEN_TELEMETRY_DIR)
      expect([count(spans, 'run'), count(spans, 'process_command')]).toEqual([2, 3])
      const incomplete = spans.filter((span) => span.attributes['zen.incomplete'] === true)
      expect(incomplete.map((span) => span.name).toSorted()).toEqual([
        'zen.orchestrator.process_command',
        'zen.orchestrator.run',
      ])
    })

    it('lose nothing when the main thread ends the process in the middle of their calls', async () => {
      const env = localEnvironment()
      const options = { cwd: commonJs.folder, env: { ...env, ZEN_TELEMETRY_EXIT_TIMEOUT: '20' } }
      const plain = await runProgram(line.binary, ['kitchen.cjs', 'closes'], options)
      const traced = await runProgram(line.binary, [...REQUIRE, 'kitchen.cjs', 'closes'], options)
      expect(traced).toEqual(plain)
      expect(traced).toMatchObject({ code: 5, stderr: '' })
      const spans = readLocalSpans(env.ZEN_TELEMETRY_DIR)
      expect([count(spans, 'run'), count(spans, 'process_command')]).toEqual([4, 5])
      const incomplete = spans.filter((span) => span.attributes['zen.incomplete'] === true)
      expect([count(incomplete, 'run'), count(incomplete, 'process_command')]).toEqual([3, 3])
    })

    it('lose by count what is open in a worker that hears nothing any more', async () => {
      const env = localEnvironment()
      const options = { cwd: commonJs.folder, env: { ...env, ZEN_TELEMETRY_LOG_LEVEL: 'debug' } }
      const plain = await runProgram(line.binary, ['kitchen.cjs', 'deaf'], options)
      const traced = await runProgram(line.binary, [...REQUIRE, 'kitchen.cjs', 'deaf'], options)
      expect({ ...traced, stderr: '' }).toEqual(plain)
      expect(traced.stderr).toMatch(/2 spans delivered, dropped: thread_stopped: 4$/m)
      expect(readLocalSpans(env.ZEN_TELEMETRY_DIR)).toHaveLength(2)
    })

    it('lose nothing when the event loop of the main thread never turns before it ends', async () => {
      const env = localEnvironment()
      const options = { cwd: commonJs.folder, env }
      const plain = await runProgram(line.binary, ['kitchen.cjs', 'blocked'], options)
      const traced = await runProgram(line.binary, [...REQUIRE, 'kitchen.cjs', 'blocked'], options)
      expect(traced).toEqual(plain)
      expect(traced).toMatchObject({ code: 4, stderr: '' })
      expect(count(readLocalSpans(env.ZEN_TELEMETRY_DIR), 'run')).toBe(1)
    })

    it.each(['--import', '--require'])('of an ES module program are traced with %s', async (flag) => {
      const env = localEnvironment()
      const options = { cwd: modules.folder, env: { ...env, ZEN_TELEMETRY_LOG_LEVEL: 'debug' } }
      const file = flag === '--import' ? registerFiles.mjs : registerFiles.cjs
      const plain = await runProgram(line.binary, ['kitchen.mjs'], options)
      const traced = await runProgram(line.binary, [flag, file, 'kitchen.mjs'], options)
      expect({ ...traced, stderr: '' }).toEqual(plain)
      expect(count(readLocalSpans(env.ZEN_TELEMETRY_DIR), 'run')).toBe(2)
      expect(traced.stderr.match(/6 spans delivered, none dropped/g)).toHaveLength(1)
    })
  })
}
