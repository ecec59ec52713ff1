import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { type Application, installApplication } from '../support/application.ts'
import { nodeLines } from '../support/node-lines.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { type Ended, type RunOptions, startProgram } from '../support/run-program.ts'

interface ExitKind {
  readonly title: string
  readonly args: readonly string[]
  /** Spans of the calls the program makes. */
  readonly spans: number
  /** How many of them are still open when it ends. */
  readonly incomplete: number
  readonly signal?: NodeJS.Signals
}

/** What the fixture's README-like list of commands says about each. */
const EXIT_KINDS: readonly ExitKind[] = [
  { title: 'process.exit() after the work', args: ['run', 'echo:a', 'fail'], spans: 3, incomplete: 0 },
  { title: 'process.exit() in the middle of a call', args: ['exit-now'], spans: 4, incomplete: 3 },
  { title: 'an uncaught exception', args: ['throw'], spans: 6, incomplete: 0 },
  { title: 'an unhandled rejection', args: ['throw-in-command'], spans: 9, incomplete: 0 },
  { title: 'an error while the program loads', args: ['sync-throw'], spans: 3, incomplete: 3 },
  { title: 'a blocked event loop, then process.exit()', args: ['block'], spans: 6, incomplete: 0 },
  { title: 'SIGTERM', args: ['wait'], spans: 6, incomplete: 0, signal: 'SIGTERM' },
  { title: 'SIGINT', args: ['wait'], spans: 6, incomplete: 0, signal: 'SIGINT' },
  { title: 'SIGHUP', args: ['wait'], spans: 6, incomplete: 0, signal: 'SIGHUP' },
  {
    title: 'SIGTERM in the middle of a call',
    args: ['wait-open'],
    spans: 9,
    incomplete: 2,
    signal: 'SIGTERM',
  },
]

const KINDS = [
  { app: 'cli-cjs', program: 'cli.cjs', zen: 'zen-cjs', preload: ['--require', registerFiles.cjs] },
  { app: 'cli-esm', program: 'cli.mjs', zen: 'zen-esm', preload: ['--import', registerFiles.mjs] },
] as const

/** The last act of a program that has nothing else to do, a while after its first span. */
const SIGNALS_ITSELF_LATE =
  "const o = new (require('zen').ZenOrchestrator)(); o.run(['upper:tea']).then(() => setTimeout(() => " +
  "o.run(['upper:cup']).then(() => { process.kill(process.pid, 'SIGTERM'); console.log('still there') }), 400))"

const SIGNALS_ITSELF =
  "new (require('zen').ZenOrchestrator)().run(['upper:tea']).then(() => process.kill(process.pid, 'SIGTERM'))"

let cloud: GoogleCloud
beforeAll(async () => {
  cloud = await startGoogleCloud()
})
afterAll(() => cloud.close())

/** What a program wrote to stderr but for the frames of stacks, which may be the agent's. */
function withoutFrames(stderr: string): string {
  return stderr.replaceAll(/^\s+at .*\n/gm, '')
}

async function end(
  node: string,
  args: readonly string[],
  kind: ExitKind,
  options: RunOptions,
): Promise<Ended> {
  const program = startProgram(node, [...args, ...kind.args], options)
  if (kind.signal) {
    await program.printed('ready')
    program.child.kill(kind.signal)
  }
  return program.ended
}

for (const line of nodeLines()) {
  it(`ends by the signal that a program on Node ${line.major} sends to itself when its call is done`, async () => {
    const application = installApplication('cli-cjs', 'zen-cjs')
    onTestFinished(() => application.remove())
    cloud.reset()
    const env = { ...cloud.env({ credentials: 'metadata' }), ZEN_TELEMETRY_SAMPLE_RATE: '1' }
    const args = ['--require', registerFiles.cjs, '-e', SIGNALS_ITSELF]
    const { signal, stderr } = await startProgram(line.binary, args, { cwd: application.folder, env }).ended
    expect({ signal, stderr }).toEqual({ signal: 'SIGTERM', stderr: '' })
    expect(cloud.spans()).toHaveLength(2)
  })

  it(`runs nothing after a signal that a program on Node ${line.major} sends to itself later`, async () => {
    const application = installApplication('cli-cjs', 'zen-cjs')
    onTestFinished(() => application.remove())
    cloud.reset()
    const env = { ...cloud.env({ credentials: 'metadata' }), ZEN_TELEMETRY_SAMPLE_RATE: '1' }
    const args = ['--require', registerFiles.cjs, '-e', SIGNALS_ITSELF_LATE]
    const ended = await startProgram(line.binary, args, { cwd: application.folder, env }).ended
    expect(ended).toMatchObject({ signal: 'SIGTERM', stdout: '', stderr: '' })
    expect(cloud.spans()).toHaveLength(4)
  })

  describe.each(KINDS)(`on Node ${line.major}, $app`, ({ app, program, zen, preload }) => {
    let application: Application
    beforeAll(() => {
      application = installApplication(app, zen)
    })
    afterAll(() => application.remove())

    it.each(EXIT_KINDS)('delivers everything and ends the same way at $title', async (kind) => {
      cloud.reset()
      const env = {
        ...cloud.env({ credentials: 'metadata' }),
        ZEN_TELEMETRY_SAMPLE_RATE: '1',
      }
      const options = { cwd: application.folder, env }
      const plain = await end(line.binary, [program], kind, options)
      const traced = await end(line.binary, [...preload, program], kind, options)
      expect({ code: traced.code, signal: traced.signal, stdout: traced.stdout }).toEqual({
        code: plain.code,
        signal: plain.signal,
        stdout: plain.stdout,
      })
      expect(withoutFrames(traced.stderr)).toBe(withoutFrames(plain.stderr))
      const spans = cloud.spans()
      expect(spans).toHaveLength(kind.spans)
      expect(spans.filter((span) => span.attributes['zen.incomplete'] === true)).toHaveLength(kind.incomplete)
    })
  })
}
