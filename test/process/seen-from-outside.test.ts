import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { readProcessStatuses } from '../../src/export/metrics/process-status.ts'
import { type Application, installApplication } from '../support/application.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { type Running, startProgram } from '../support/run-program.ts'
import { tempFolder } from '../support/temp-folder.ts'

let cloud: GoogleCloud
let application: Application
beforeAll(async () => {
  cloud = await startGoogleCloud()
  application = installApplication('server-cjs', 'zen-dual')
})
afterAll(async () => {
  application.remove()
  await cloud.close()
})
afterEach(async () => {
  cloud.reset()
  await cloud.faults.clear()
})

interface Served {
  readonly server: Running
  readonly url: string
}

async function serve(
  env: Readonly<Record<string, string>>,
  preload: readonly string[] = [],
): Promise<Served> {
  const server = startProgram(process.execPath, [...preload, '--require', registerFiles.cjs, 'server.cjs'], {
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

const patiently = { timeout: 40_000, interval: 100 }

describe('the status file', () => {
  it('says how deliveries go while the process runs, and is gone when it ends', async () => {
    const folder = tempFolder()
    const { server, url } = await serve({ ZEN_TELEMETRY_DIR: folder, GRACEFUL: '1' })
    await fetch(`${url}/run`)
    await vi.waitUntil(() => readProcessStatuses(folder)[0]?.delivered === 4, patiently)
    const [status] = readProcessStatuses(folder)
    expect(status).toMatchObject({
      pid: server.child.pid,
      mode: 'private',
      projectId: cloud.projectId,
      exporter: 'cloud-trace',
      breaker: 'closed',
      queueSize: 0,
      dropped: {},
      errors: {},
      unsampledErrors: 0,
      load: { inForce: [], records: [] },
    })
    expect(Math.abs(Date.parse(status!.startedAt) - Date.now())).toBeLessThan(60_000)
    const text = readFileSync(join(folder, 'processes', readdirSync(join(folder, 'processes'))[0]!), 'utf8')
    expect(text).not.toContain(application.folder)
    server.child.kill('SIGTERM')
    await server.ended
    expect(readdirSync(join(folder, 'processes'))).toEqual([])
  })

  it('is passed over when its process was killed', async () => {
    const folder = tempFolder()
    const { server, url } = await serve({ ZEN_TELEMETRY_DIR: folder })
    await fetch(`${url}/run`)
    await vi.waitUntil(() => readProcessStatuses(folder).length === 1, patiently)
    server.child.kill('SIGKILL')
    await server.ended
    expect(readProcessStatuses(folder)).toEqual([])
  })
})

describe('metrics', () => {
  it('are sent to Google with the credentials of the spans', async () => {
    const { server, url } = await serve({ ZEN_TELEMETRY_METRICS: 'otlp' })
    await fetch(`${url}/run`)
    await cloud.waitForSpans(4, 30_000)
    server.child.kill('SIGTERM')
    expect((await server.ended).stderr).toBe('')
    const request = cloud.requests('otlp').find(({ path }) => path === '/v1/metrics')
    expect(request).toMatchObject({ host: 'telemetry.googleapis.com', outcome: 'accepted' })
    expect(request?.credential?.kind).toBe('metadata')
    const body = request?.body.toString('latin1')
    for (const text of ['telemetry.spans.exported', 'cloud.availability_zone', 'us-central1-a'])
      expect(body).toContain(text)
  })
})

describe('an application that subscribed to alerts', () => {
  const subscriber = `data:text/javascript,import { subscribe } from 'node:diagnostics_channel';
    subscribe('zen-telemetry:delivery', (alert) => console.log(JSON.stringify(alert)))`

  it('is told on its own thread when deliveries fail, and when they work again', async () => {
    // What is refused for its content is halved at once, so that many requests fail without a pause.
    await cloud.faults.set('collector', { kind: 'status', code: 400 })
    const { server, url } = await serve(
      { ZEN_TELEMETRY_EXPORTER: 'otlp', ZEN_TELEMETRY_ENDPOINT: cloud.urls.collector },
      ['--import', subscriber],
    )
    await Promise.all(Array.from({ length: 8 }, () => fetch(`${url}/run`)))
    await server.printed('{"state":"failing","cause":"rejected-data"}')
    await cloud.faults.clear()
    await server.printed('{"state":"recovered"}')
    await cloud.waitForSpans(1, 30_000)
    server.child.kill('SIGTERM')
    const { stderr } = await server.ended
    expect(stderr.split('\n').filter((line) => line.includes('nothing was delivered since'))).toHaveLength(1)
  })
})
