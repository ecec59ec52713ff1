import { afterEach, beforeAll, afterAll, describe, expect, it, vi } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { readProcessStatuses } from '../../src/export/metrics/process-status.ts'
import { type Application, installApplication } from '../support/application.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { type Running, startProgram } from '../support/run-program.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** Far longer than the periods for which a load has to last, and to be over. */
const LONG_MS = 400_000
const GRINDERS = 2
const CLERKS = 6
const ORDERS_A_SECOND = 40

let cloud: GoogleCloud
let application: Application
beforeAll(async () => {
  cloud = await startGoogleCloud()
  application = installApplication('mill', 'zen-dual')
})
afterAll(async () => {
  application.remove()
  await cloud.close()
})

const cleanUps: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
  cloud.reset()
})

async function open(args: readonly number[], env: Readonly<Record<string, string>>) {
  const folder = tempFolder()
  const mill: Running = startProgram(
    process.execPath,
    ['--require', registerFiles.cjs, 'mill.cjs', ...args.map(String)],
    {
      cwd: application.folder,
      env: { ...cloud.env({ credentials: 'metadata' }), ZEN_TELEMETRY_DIR: folder, ...env },
      mostMs: 2 * LONG_MS,
    },
  )
  cleanUps.push(() => mill.child.kill('SIGKILL'))
  await mill.printed('open')
  return { mill, status: () => readProcessStatuses(folder)[0] }
}

function until<T>(condition: () => T): Promise<NonNullable<T>> {
  return vi.waitUntil(condition, { timeout: LONG_MS, interval: 200 }) as Promise<NonNullable<T>>
}

/** The rates by which roots were sampled that arrived since the last reset. */
function rates(): number[] {
  return cloud
    .spans()
    .filter(({ parentSpanId }) => parentSpanId === undefined)
    .map(({ attributes }) => Number(attributes['sampling.rate']))
}

/** The requests with spans that arrived since then. */
function sent(): { readonly spanCount: number; readonly zipped: boolean }[] {
  return cloud
    .requests('collector')
    .filter(({ outcome }) => outcome === 'accepted')
    .map(({ spanCount, headers }) => ({ spanCount, zipped: headers['content-encoding'] === 'gzip' }))
}

describe('a mill', { timeout: 2 * LONG_MS }, () => {
  it('whose clerks are worker threads is sampled by what all of them do', async () => {
    // No clerk alone brings ten times the target a second by the first rate, a tenth; all together bring twice as much.
    const { mill } = await open([ORDERS_A_SECOND, 0, CLERKS], {
      ZEN_TELEMETRY_TARGET_RATE: '1',
      ZEN_TELEMETRY_FLUSH_INTERVAL: '0.5',
    })
    await until(() => rates().some((rate) => rate < 0.02))
    cloud.reset()
    await until(() => rates().length >= 2 * CLERKS)
    expect(rates().filter((rate) => rate > 0.02)).toEqual([])
    mill.child.kill('SIGTERM')
    expect(await mill.ended).toMatchObject({ signal: 'SIGTERM', stderr: '' })
  })

  it('that grinds with all its threads is sampled less and less, sends more at once and compresses, until it rests', async () => {
    const { mill, status } = await open([ORDERS_A_SECOND / 4, GRINDERS], {
      ZEN_TELEMETRY_SAMPLE_RATE: '1',
      ZEN_TELEMETRY_BATCH_SIZE: '2',
      ZEN_TELEMETRY_FLUSH_INTERVAL: '0.5',
      ZEN_TELEMETRY_EXPORTER: 'otlp',
      ZEN_TELEMETRY_ENDPOINT: cloud.urls.collector,
      OTEL_EXPORTER_OTLP_COMPRESSION: 'none',
    })
    await until(() => rates().includes(1))
    expect(sent().every(({ spanCount, zipped }) => spanCount <= 2 && !zipped)).toBe(true)

    await until(() => rates().includes(0.01))
    const busy = await until(
      () => status()?.load.records.find(({ action }) => action.includes(' 1 %')) && status(),
    )
    expect(busy.load.inForce).toEqual(expect.arrayContaining(['cpu-high', 'cpu-critical']))
    expect(busy.load.records.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        'sampling rate at most 5 %',
        'sampling rate at most 2.5 %, batches of 1,024, compression on',
        'sampling rate at most 1.25 %, batches of 1,024, compression on',
        'sampling rate at most 1 %, batches of 1,024, compression on',
      ]),
    )
    for (const { signal, value } of busy.load.records)
      if (signal === 'cpu') expect(Number.parseFloat(value)).toBeGreaterThan(70)
    // A trace of six spans, which two a request would have parted.
    await until(() => sent().some(({ spanCount, zipped }) => spanCount >= 6 && zipped))

    mill.child.kill('SIGUSR2')
    await until(() => status()?.load.inForce.length === 0)
    cloud.reset()
    await until(() => rates().includes(1))
    await until(() => status()?.load.records.every(({ revertedAt }) => revertedAt !== undefined))
    await until(() => sent().some(({ spanCount, zipped }) => spanCount <= 2 && !zipped))
    mill.child.kill('SIGTERM')
    expect(await mill.ended).toMatchObject({ signal: 'SIGTERM', stderr: '' })
  })
})
