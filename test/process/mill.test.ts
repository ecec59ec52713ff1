import { afterEach, beforeAll, afterAll, describe, expect, it, vi } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { readProcessStatuses } from '../../src/export/metrics/process-status.ts'
import { type Application, installApplication } from '../support/application.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { type Running, startProgram } from '../support/run-program.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** As long as a reaction may take on a machine that is busy with other things. */
const LONG_MS = 240_000
const CLERKS = 12
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

describe('a mill', { timeout: 2 * LONG_MS }, () => {
  it('whose clerks are worker threads is sampled by what all of them do', async () => {
    // No clerk alone brings ten times the target a second by the first rate, a tenth; all together bring five times as much.
    const { mill } = await open([ORDERS_A_SECOND, 0, CLERKS], {
      ZEN_TELEMETRY_TARGET_RATE: '1',
      ZEN_TELEMETRY_FLUSH_INTERVAL: '0.5',
    })
    await until(() => rates().includes(0.01))
    cloud.reset()
    await until(() => rates().length >= 2 * CLERKS)
    expect(rates().filter((rate) => rate > 0.02)).toEqual([])
    mill.child.kill('SIGTERM')
    expect(await mill.ended).toMatchObject({ signal: 'SIGTERM', stderr: '' })
  })
})
