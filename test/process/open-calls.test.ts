import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type GoogleCloud, startGoogleCloud } from '../../fixtures/google-cloud/google-cloud.ts'
import { type Application, installApplication } from '../support/application.ts'
import { nodeLines } from '../support/node-lines.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { type Ended, startProgram } from '../support/run-program.ts'
import { drawTrees } from '../support/trace-tree.ts'

const SIX_MINUTES_NS = 360_000_000_000n

let cloud: GoogleCloud
let application: Application
beforeAll(async () => {
  cloud = await startGoogleCloud()
  application = installApplication('approvals', 'zen-cjs')
})
afterAll(async () => {
  application.remove()
  await cloud.close()
})
afterEach(() => cloud.reset())

/**
 * All clocks of a program are set on by six minutes when it has said `received`, and the answer for its first spans has
 * come: no request may be on its way then.
 */
async function runForSixMinutes(node: string, kind: string, traced: boolean): Promise<Ended> {
  const offsetFile = join(mkdtempSync(join(tmpdir(), 'offset-')), 'offset')
  writeFileSync(offsetFile, '+0\n')
  const library = execFileSync('sh', ['-c', 'faketime -f +0 printenv LD_PRELOAD'], { encoding: 'utf8' })
  const env = {
    ...cloud.env({ credentials: 'metadata' }),
    ZEN_TELEMETRY_SAMPLE_RATE: '1',
    ZEN_TELEMETRY_FLUSH_INTERVAL: '1',
    ZEN_TELEMETRY_EXIT_TIMEOUT: '20',
    ZEN_TELEMETRY_LOG_LEVEL: 'debug',
    LD_PRELOAD: library.trim(),
    FAKETIME_TIMESTAMP_FILE: offsetFile,
    FAKETIME_NO_CACHE: '1',
  }
  const preload = traced ? ['--require', registerFiles.cjs] : []
  const program = startProgram(node, [...preload, 'app.cjs', kind], { cwd: application.folder, env })
  await program.printed('received')
  if (traced) await program.warned('2 spans accepted by')
  writeFileSync(offsetFile, '+6m\n')
  return program.ended
}

const lines = nodeLines()
describe.each([lines[0]!, lines.at(-1)!])('on Node $major, a call that is open', ({ binary }) => {
  it('for six minutes is one span of six minutes', async () => {
    const plain = await runForSixMinutes(binary, 'slow', false)
    const traced = await runForSixMinutes(binary, 'slow', true)
    expect({ ...traced, stderr: '' }).toEqual(plain)
    expect(plain).toMatchObject({ code: 0, stdout: 'received\napproved\n' })
    expect(traced.stderr).toMatch(/ 4 spans delivered, none dropped$/m)
    expect(traced.stderr).not.toMatch(/warn|error/)
    expect(drawTrees(cloud.spans())).toEqual(['run > process_command', 'run > process_command'])
    const [longest] = cloud.spans().toSorted((a, b) => Number(a.startTime - b.startTime))
    expect(longest!.endTime - longest!.startTime).toBeGreaterThan(SIX_MINUTES_NS)
  })

  it('after six minutes, when the process ends, is reported as open once', async () => {
    const plain = await runForSixMinutes(binary, 'leaves', false)
    const traced = await runForSixMinutes(binary, 'leaves', true)
    expect({ ...traced, stderr: '' }).toEqual(plain)
    expect(plain.code).toBe(2)
    expect(traced.stderr).toMatch(/ 4 spans delivered, none dropped$/m)
    expect(traced.stderr).not.toMatch(/warn|error/)
    expect(drawTrees(cloud.spans())).toEqual(['run > process_command', 'run … > process_command …'])
  })

  it('does not take a request of its own when the process ends', async () => {
    const env = { ...cloud.env({ credentials: 'metadata' }), ZEN_TELEMETRY_SAMPLE_RATE: '1' }
    const options = { cwd: application.folder, env: { ...env, ZEN_TELEMETRY_EXIT_TIMEOUT: '20' } }
    const args = ['--require', registerFiles.cjs, 'app.cjs', 'many']
    const traced = await startProgram(binary, args, options).ended
    expect(traced).toMatchObject({ code: 2, stderr: '' })
    expect(cloud.spans()).toHaveLength(202)
    const requests = cloud.requests('cloudTrace').filter(({ spanCount }) => spanCount !== undefined)
    expect(requests.length).toBeLessThan(4)
  })
})
