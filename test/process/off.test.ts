import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { type Application, installApplication } from '../support/application.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { runProgram, startProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

const SWITCHES = [
  { ZEN_TELEMETRY_DISABLED: 'true' },
  { ZEN_TELEMETRY_DISABLED: '1' },
  { ZEN_TELEMETRY_DISABLED: 'YES' },
  { DO_NOT_TRACK: '1' },
  { OTEL_SDK_DISABLED: 'true' },
]

let application: Application
let cloud: GoogleCloud
beforeAll(async () => {
  application = installApplication('script-cjs', 'zen-cjs')
  cloud = await startGoogleCloud()
})
afterAll(async () => {
  application.remove()
  await cloud.close()
})

describe.each(SWITCHES)('switched off by %o', (off) => {
  it('loads nothing, hooks nothing and starts no thread', async () => {
    const probe = `
      const Module = require('node:module')
      const before = [Module.prototype.load, Module.prototype.require, Module._load, Module._resolveFilename]
      require(${JSON.stringify(registerFiles.cjs)})
      const { ZenOrchestrator } = require('zen')
      const run = ZenOrchestrator.prototype.run
      new ZenOrchestrator().run(['echo:a']).then(() => {
        const after = [Module.prototype.load, Module.prototype.require, Module._load, Module._resolveFilename]
        console.log(JSON.stringify({
          hooked: before.some((method, index) => method !== after[index]),
          loaded: Object.keys(require.cache).filter((file) => /telemetry.dist/.test(file)).length,
          agent: globalThis[Symbol.for('@zen/telemetry')] !== undefined,
          async: Object.prototype.toString.call(run),
          threads: require('node:fs').readdirSync('/proc/self/task').length,
        }))
      })`
    const env = { ...localEnvironment(), ...off }
    const alone = probe.replace(/^\s*require\("?.*register.*$/m, '')
    const plain = await runProgram(process.execPath, ['-e', alone], { cwd: application.folder, env })
    const { stdout, stderr } = await runProgram(process.execPath, ['-e', probe], {
      cwd: application.folder,
      env,
    })
    expect(stderr).toBe('')
    expect(JSON.parse(stdout)).toMatchObject({ hooked: false, loaded: 0, agent: false })
    expect(JSON.parse(stdout)).toEqual(JSON.parse(plain.stdout))
  })

  it('opens no socket and writes no file', async () => {
    cloud.reset()
    const env = { ...localEnvironment(), ...cloud.env({ credentials: 'metadata' }), ...off }
    const { code, stderr } = await runProgram(
      process.execPath,
      ['--require', registerFiles.cjs, 'app.cjs', '--runs=1'],
      { cwd: application.folder, env },
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(cloud.requests()).toEqual([])
    expect(readdirSync(env.ZEN_TELEMETRY_DIR)).toEqual([])
  })
})

describe('switched off while the application runs', () => {
  it('makes no further span, and discards the waiting ones', async () => {
    cloud.reset()
    const server = `
      const { ZenOrchestrator } = require('zen')
      const zen = new ZenOrchestrator()
      async function main() {
        await zen.run(['echo:before'])
        process.env.ZEN_TELEMETRY_DISABLED = 'true'
        await zen.run(['echo:after'])
        console.log('done')
      }
      main()`
    const env = { ...cloud.env({ credentials: 'metadata' }), ZEN_TELEMETRY_SAMPLE_RATE: '1' }
    const program = startProgram(process.execPath, ['--require', registerFiles.cjs, '-e', server], {
      cwd: application.folder,
      env,
    })
    expect(await program.ended).toMatchObject({ code: 0, stdout: 'done\n', stderr: '' })
    expect(cloud.spans()).toEqual([])
  })
})
