import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../../fixtures/google-cloud/google-cloud.ts'
import { askMetadataForProject } from '../../../src/export/destination/metadata-project.ts'

const OFF = { onGoogleCloud: false }
const ON = { onGoogleCloud: true, budgetMs: 500 }
let cloud: GoogleCloud | undefined
let server: Server | undefined
const sockets = new Set<Socket>()

afterEach(async () => {
  await cloud?.close()
  cloud = undefined
  for (const socket of sockets) socket.destroy()
  server?.close()
  server = undefined
})

async function listen(made: Server): Promise<{ GCE_METADATA_HOST: string }> {
  server = made.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  return { GCE_METADATA_HOST: `127.0.0.1:${(made.address() as AddressInfo).port}` }
}

const answering = (listener: RequestListener) => listen(createHttpServer(listener))

async function timed<T>(promise: Promise<T>): Promise<[T, number]> {
  const start = performance.now()
  return [await promise, performance.now() - start]
}

describe('the metadata server', () => {
  it('names the project, quickly', async () => {
    cloud = await startGoogleCloud({ projectId: 'machine-project' })
    const environment = { GCE_METADATA_HOST: new URL(cloud.urls.metadata).host }
    const [answer, milliseconds] = await timed(askMetadataForProject(environment, OFF))
    expect(answer).toEqual({ kind: 'project', projectId: 'machine-project' })
    expect(milliseconds).toBeLessThan(300)
    expect(cloud.requests('metadata')).toHaveLength(1)
  })

  it('is absent at once when nobody listens', async () => {
    const [answer, milliseconds] = await timed(
      askMetadataForProject({ GCE_METADATA_HOST: '127.0.0.1:1' }, OFF),
    )
    expect(answer).toEqual({ kind: 'absent' })
    expect(milliseconds).toBeLessThan(200)
  })

  it('is absent within a second where there is none at all', async () => {
    const [answer, milliseconds] = await timed(askMetadataForProject({}, OFF))
    expect(answer).toEqual({ kind: 'absent' })
    expect(milliseconds).toBeLessThan(1200)
  })

  it("is absent when another cloud's server answers", async () => {
    const environment = await answering((_, response) => response.writeHead(404).end('<?xml version="1.0"?>'))
    expect(await askMetadataForProject(environment, OFF)).toEqual({ kind: 'absent' })
  })

  it('leaves it undecided, after a second, when it takes the question and does not answer', async () => {
    const environment = await listen(createServer(() => {}))
    const [answer, milliseconds] = await timed(askMetadataForProject(environment, OFF))
    expect(answer).toEqual({ kind: 'undecided', reason: 'it did not answer in time' })
    expect(milliseconds).toBeGreaterThan(900)
    expect(milliseconds).toBeLessThan(1300)
  })

  it('is asked again within the second, as it comes up late on some machines', async () => {
    let questions = 0
    const environment = await answering((_, response) => {
      questions += 1
      response.setHeader('Metadata-Flavor', 'Google')
      response.writeHead(questions < 3 ? 503 : 200).end('late-project')
    })
    expect(await askMetadataForProject(environment, OFF)).toEqual({
      kind: 'project',
      projectId: 'late-project',
    })
  })

  it('leaves it undecided when it knows no project', async () => {
    const environment = await answering((_, response) => {
      response.writeHead(404, { 'Metadata-Flavor': 'Google' }).end()
    })
    expect(await askMetadataForProject(environment, { ...OFF, budgetMs: 300 })).toEqual({
      kind: 'undecided',
      reason: 'it answered 404',
    })
  })

  it("is waited for where the machine is Google's, even when nobody listens yet", async () => {
    const [answer, milliseconds] = await timed(
      askMetadataForProject({ GCE_METADATA_HOST: '127.0.0.1:1' }, ON),
    )
    expect(answer).toMatchObject({ kind: 'undecided' })
    expect(milliseconds).toBeGreaterThan(400)
  })

  it('is not asked when METADATA_SERVER_DETECTION says so', async () => {
    const environment = await answering(() => expect.unreachable())
    for (const detection of ['none', 'bios-only']) {
      const answer = askMetadataForProject({ ...environment, METADATA_SERVER_DETECTION: detection }, OFF)
      expect(await answer).toEqual({ kind: 'absent' })
    }
  })

  it('may be named by something that is no host', async () => {
    expect(await askMetadataForProject({ GCE_METADATA_HOST: 'no host' }, OFF)).toEqual({ kind: 'absent' })
  })
})
