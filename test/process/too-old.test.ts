import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Application, installApplication } from '../support/application.ts'
import { tooOldReleases } from '../support/node-lines.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

/** Node knows `--import` since 18.18. */
const WAYS = [
  { title: '--require', args: ['--require', registerFiles.cjs], since: 12 },
  { title: '--import', args: ['--import', registerFiles.mjs], since: 18 },
]

/** Written for the oldest Node; the library it uses is not. */
const PROGRAM = 'console.log(JSON.stringify({ done: true })); process.exitCode = 3'

let application: Application
beforeAll(() => {
  application = installApplication('no-zen')
})
afterAll(() => application.remove())

for (const { release, binary } of tooOldReleases()) {
  const ways = WAYS.filter(({ since }) => since <= Number(release.split('.')[0]))
  describe.each(ways)(`Node ${release}, which is too old, with $title`, ({ args }) => {
    const run = (env: Record<string, string>) =>
      runProgram(binary, [...args, '-e', PROGRAM], { cwd: application.folder, env })

    it('says so in one line, and the application runs on', async () => {
      expect(await run(localEnvironment())).toEqual({
        code: 3,
        signal: null,
        stdout: '{"done":true}\n',
        stderr:
          `[zen-telemetry] warn: Node ${release} is too old; the application runs without telemetry. ` +
          'Use Node 20.19, 22.12 or newer.\n',
      })
    })

    it('says nothing where the agent is switched off', async () => {
      expect(await run({ ...localEnvironment(), ZEN_TELEMETRY_DISABLED: '1' })).toMatchObject({
        code: 3,
        stderr: '',
      })
    })
  })
}
