import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { type Application, installApplication } from '../support/application.ts'
import { nodeLines, oldestReleases } from '../support/node-lines.ts'
import { runProgram } from '../support/run-program.ts'
import { expectTrees } from '../support/trace-tree.ts'
import { WAYS_TO_LOAD } from '../support/ways-to-load.ts'

/** One run of three commands, and one of two that fails: what `app --runs=1` makes. */
const TREES = [
  'run ✗ > process_command, process_command ✗',
  'run > process_command, process_command, process_command, process_command',
]

const APPLICATIONS = [
  { app: 'script-cjs', program: 'app.cjs', zen: 'zen-cjs' },
  { app: 'script-cjs', program: 'app.cjs', zen: 'zen-dual' },
  { app: 'script-esm', program: 'app.mjs', zen: 'zen-esm' },
  { app: 'script-esm', program: 'app.mjs', zen: 'zen-dual' },
  { app: 'script-esm', program: 'app.mjs', zen: 'zen-cjs' },
] as const

let cloud: GoogleCloud
beforeAll(async () => {
  cloud = await startGoogleCloud()
})
afterAll(() => cloud.close())
afterEach(() => cloud.reset())

const NODES = [
  ...nodeLines().map(({ major, binary }) => ({ name: String(major), binary })),
  ...oldestReleases().map(({ release, binary }) => ({ name: release, binary })),
]

for (const node of NODES) {
  describe.each(APPLICATIONS)(`on Node ${node.name}, $app with $zen`, ({ app, program, zen }) => {
    let application: Application
    beforeAll(() => {
      application = installApplication(app, zen)
    })
    afterAll(() => application.remove())

    it.each(WAYS_TO_LOAD)('delivers every call, loaded by $title', async (way) => {
      const env = { ...cloud.env({ credentials: 'metadata' }), ZEN_TELEMETRY_SAMPLE_RATE: '1' }
      const options = { cwd: application.folder, env }
      const plain = await runProgram(node.binary, [program, '--runs=1'], options)
      const traced = await runProgram(node.binary, [...way.args, program, '--runs=1'], {
        ...options,
        env: { ...env, ...way.env },
      })
      expect(traced).toEqual({ ...plain, code: 0 })
      expectTrees(cloud.spans(), TREES)
    })

    it('delivers every call with the key of a service account', async () => {
      const env = { ...cloud.env({ credentials: 'service-account' }), ZEN_TELEMETRY_SAMPLE_RATE: '1' }
      const [way] = WAYS_TO_LOAD.slice(app === 'script-esm' ? 1 : 0)
      const { code, stderr } = await runProgram(node.binary, [...(way?.args ?? []), program, '--runs=1'], {
        cwd: application.folder,
        env,
      })
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expectTrees(cloud.spans(), TREES)
    })
  })
}
