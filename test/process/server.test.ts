import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { type Application, installApplication } from '../support/application.ts'
import { nodeLines } from '../support/node-lines.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { startProgram, type Running } from '../support/run-program.ts'
import { drawTrees } from '../support/trace-tree.ts'

const SERVERS = [
  { app: 'server-cjs', program: 'server.cjs', zen: 'zen-dual', preload: ['--require', registerFiles.cjs] },
  { app: 'server-esm', program: 'server.mjs', zen: 'zen-dual', preload: ['--import', registerFiles.mjs] },
] as const

const TREE = 'run > process_command, process_command, process_command'

let cloud: GoogleCloud
beforeAll(async () => {
  cloud = await startGoogleCloud()
})
afterAll(() => cloud.close())
afterEach(async () => {
  cloud.reset()
  await cloud.faults.clear()
})

for (const line of nodeLines()) {
  describe.each(SERVERS)(`on Node ${line.major}, $app`, ({ app, program, zen, preload }) => {
    let application: Application
    beforeAll(() => {
      application = installApplication(app, zen)
    })
    afterAll(() => application.remove())

    async function serve(
      env: Readonly<Record<string, string>> = {},
    ): Promise<{ server: Running; url: string }> {
      const server = startProgram(line.binary, [...preload, program], {
        cwd: application.folder,
        env: {
          ...cloud.env({ credentials: 'metadata' }),
          ZEN_TELEMETRY_SAMPLE_RATE: '1',
          ZEN_TELEMETRY_FLUSH_INTERVAL: '0.2',
          ...env,
        },
      })
      const [, port] = /listening on (\d+)/.exec(await server.printed('listening on ')) ?? []
      return { server, url: `http://127.0.0.1:${port}` }
    }

    it('delivers while it runs, and keeps concurrent calls apart', async () => {
      const { server, url } = await serve()
      const answers = await Promise.all(Array.from({ length: 25 }, () => fetch(`${url}/run`)))
      expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 25 }, () => 200))
      const spans = await cloud.waitForSpans(100, 20_000)
      expect(drawTrees(spans)).toEqual(Array.from({ length: 25 }, () => TREE))
      expect(new Set(spans.map((span) => span.traceId)).size).toBe(25)
      server.child.kill('SIGTERM')
      expect(await server.ended).toMatchObject({ code: null, signal: 'SIGTERM', stderr: '' })
    })

    it('ends by the same signal with spans still waiting, which are delivered', async () => {
      const { server, url } = await serve({ ZEN_TELEMETRY_FLUSH_INTERVAL: '60' })
      await fetch(`${url}/run`)
      server.child.kill('SIGTERM')
      expect(await server.ended).toMatchObject({ code: null, signal: 'SIGTERM', stderr: '' })
      expect(drawTrees(cloud.spans())).toEqual([TREE])
    })

    it('shuts down in its own way when it has one', async () => {
      const { server, url } = await serve({ GRACEFUL: '1', ZEN_TELEMETRY_FLUSH_INTERVAL: '60' })
      const open = fetch(`${url}/run?command=delay:300:slow`)
      await fetch(`${url}/run`)
      server.child.kill('SIGTERM')
      expect((await open).status).toBe(200)
      const { code, signal, stdout, stderr } = await server.ended
      expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' })
      expect(stdout).toContain('closed')
      expect(drawTrees(cloud.spans()).toSorted()).toEqual([TREE, 'run > process_command'].toSorted())
    })
  })
}
