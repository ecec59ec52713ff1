import { spawnSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makePrivateFolder } from '../../../src/export/destination/private-folder.ts'
import {
  pidNamespace,
  type ProcessStatus,
  readProcessStatuses,
  removeStaleStatuses,
} from '../../../src/export/metrics/process-status.ts'
import { keepStatusFile } from '../../../src/export/metrics/status-file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => vi.useRealTimers())

const STARTED = new Date('2026-11-24T10:00:00Z')
const NAME = `${process.pid}-${STARTED.getTime()}.json`
const status = (delivered: number): ProcessStatus => ({
  version: 1,
  pid: process.pid,
  startedAt: STARTED.toISOString(),
  updatedAt: STARTED.toISOString(),
  agentVersion: '0.1.0',
  nodeVersion: '20.20.2',
  serviceName: 'shop',
  mode: 'private',
  exporter: 'cloud-trace',
  rateBound: 1,
  queueSize: 0,
  journalBytes: 0,
  breaker: 'closed',
  delivered,
  dropped: {},
  errors: {},
  unsampledErrors: 0,
  load: { inForce: [], records: [] },
})

function setUp(stateFolder = tempFolder()) {
  const debug: string[] = []
  let delivered = 0
  const keep = () =>
    keepStatusFile({
      stateFolder,
      startedAt: STARTED,
      read: () => status(delivered),
      makeFolder: makePrivateFolder,
      debug: (line) => debug.push(line),
    })
  return { stateFolder, folder: join(stateFolder, 'processes'), debug, keep, deliver: () => (delivered += 1) }
}

/** A file as a process that is gone has left it. */
function leftBehind(folder: string, name: string, secondsOld: number): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), JSON.stringify(status(1)))
  const then = Date.now() / 1000 - secondsOld
  utimesSync(join(folder, name), then, then)
}

/** The id of a process that has ended. */
const gone = (): number => spawnSync(process.execPath, ['-e', '']).pid

describe('the status file', () => {
  it('is there at once, for its owner only, and is brought up to date every 5 seconds', () => {
    const { stateFolder, folder, keep, deliver } = setUp()
    keep()
    expect(readProcessStatuses(stateFolder)).toEqual([status(0)])
    expect(lstatSync(join(folder, NAME)).mode & 0o777).toBe(0o600)
    expect(lstatSync(folder).mode & 0o777).toBe(0o700)
    deliver()
    vi.advanceTimersByTime(4999)
    expect(readProcessStatuses(stateFolder)[0]?.delivered).toBe(0)
    vi.advanceTimersByTime(1)
    expect(readProcessStatuses(stateFolder)[0]?.delivered).toBe(1)
    expect(readdirSync(folder)).toEqual([NAME])
  })

  it('goes with its process, and its timer too', () => {
    const { folder, keep } = setUp()
    keep().close()
    expect([readdirSync(folder), vi.getTimerCount()]).toEqual([[], 0])
  })

  it('does not write through a link that stands in its place', () => {
    const { stateFolder, folder, keep } = setUp()
    const elsewhere = join(stateFolder, 'elsewhere')
    writeFileSync(elsewhere, 'mine')
    mkdirSync(folder, { mode: 0o700 })
    for (const name of [NAME, `${NAME}.new`]) symlinkSync(elsewhere, join(folder, name))
    keep()
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine')
    expect(lstatSync(join(folder, NAME)).isFile()).toBe(true)
  })

  it('is a debug line, once, where it cannot be written', () => {
    const { stateFolder, debug, keep } = setUp()
    writeFileSync(join(stateFolder, 'processes'), 'a file stands here')
    const file = keep()
    vi.advanceTimersByTime(20_000)
    file.close()
    expect(debug.filter((line) => line.includes('cannot be written'))).toHaveLength(1)
  })
})

describe('files of other processes', () => {
  it('are removed when the process is gone', () => {
    const { folder, keep } = setUp()
    leftBehind(folder, `${gone()}-1763809200000.json`, 60)
    keep()
    expect(readdirSync(folder)).toEqual([NAME])
  })

  it('stay while the process lives, and while they are fresh, as those of another container are', () => {
    const { stateFolder, folder, keep } = setUp()
    const kept = [`${process.ppid}-1763809200000.json`, `${gone()}-1763809200001.json`]
    leftBehind(folder, kept[0]!, 60)
    leftBehind(folder, kept[1]!, 5)
    keep()
    removeStaleStatuses(stateFolder)
    expect(readdirSync(folder).toSorted()).toEqual([NAME, ...kept].toSorted())
  })

  it('are passed over at once when the process is known to be gone', () => {
    const { stateFolder, folder } = setUp()
    mkdirSync(folder, { recursive: true })
    const pid = gone()
    const write = (name: string, fields: Partial<ProcessStatus>): void =>
      writeFileSync(join(folder, name), JSON.stringify({ ...status(1), pid, ...fields }))
    write(`${pid}-1.json`, { pidNamespace: pidNamespace() ?? 'pid:[1]' })
    write(`${pid}-2.json`, { pidNamespace: 'pid:[another]', serviceName: 'elsewhere' })
    expect(readProcessStatuses(stateFolder).map(({ serviceName }) => serviceName)).toEqual(['elsewhere'])
  })

  it('are passed over when they cannot be read, or are of another form', () => {
    const { stateFolder, folder, keep } = setUp()
    keep()
    writeFileSync(join(folder, '1-1.json'), '{"version":1')
    writeFileSync(join(folder, '1-2.json'), '{"version":2}')
    writeFileSync(join(folder, 'notes.json'), '{"version":1}')
    expect(readProcessStatuses(stateFolder)).toHaveLength(1)
    expect(readProcessStatuses(join(stateFolder, 'nowhere'))).toEqual([])
  })
})
