import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { journal } from '../../src/cli/commands/journal.ts'
import { runCli } from '../../src/cli/run-cli.ts'
import { thisOwner } from '../../src/export/journal/segment-owner.ts'
import { makeSpan } from '../export/exporters/make-span.ts'
import { openTestJournal } from '../export/journal/open-test-journal.ts'
import { recordingTerminal } from './recording-terminal.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-'))
})

async function run(argv: readonly string[], more: Readonly<Record<string, string>> = {}) {
  const { terminal, printed, noted } = recordingTerminal()
  const environment = { ZEN_TELEMETRY_DIR: folder, GCE_METADATA_HOST: '127.0.0.1:1', ...more }
  const exitCode = await runCli([journal], { argv: ['journal', ...argv], environment, cwd: folder, terminal })
  return { exitCode, printed: printed(), noted: noted() }
}

/** One segment of a dead process with three spans, one of this very process with one. */
function prepare(): void {
  const dead = { ...thisOwner('0000dead', 0), pid: 4_000_000_000 }
  openTestJournal(folder, { owner: dead }).journal.record([makeSpan(), makeSpan(), makeSpan()])
  openTestJournal(folder).journal.record([makeSpan()])
}

describe('journal list', () => {
  it('is what the command does without more, and empty without a folder', async () => {
    expect(await run([])).toMatchObject({
      exitCode: 0,
      printed: expect.stringContaining('0 spans wait in 0 files'),
    })
  })

  it('says for whom spans wait, and whether their process runs', async () => {
    prepare()
    const { printed } = await run(['list'])
    expect(printed).toMatch(
      /3 +of shop, for project shop-production at Google \(private\): 1 KB, \d+ s old, waits/,
    )
    expect(printed).toContain('its process runs')
    expect(printed).toContain('4 spans wait in 2 files')
  })

  it('shows a file that cannot be read', async () => {
    prepare()
    const [file] = readdirSync(join(folder, 'journal'))
    writeFileSync(join(folder, 'journal', file!), 'garbage')
    expect((await run(['list'])).printed).toContain('cannot be read')
  })
})

describe('journal clear', () => {
  it('removes what dead processes have left, and nothing of a process that runs', async () => {
    prepare()
    writeFileSync(join(folder, 'journal', 'x.unreadable'), 'garbage')
    const { printed, exitCode } = await run(['clear', '--json'])
    expect(exitCode).toBe(0)
    expect(JSON.parse(printed)).toEqual({ folder, files: 2, spans: 3, left: 1 })
    expect(readdirSync(join(folder, 'journal'))).toHaveLength(1)
  })
})

describe('journal send', () => {
  it.each([
    { title: 'there is no project', env: {}, says: 'set GOOGLE_CLOUD_PROJECT' },
    { title: 'telemetry is off', env: { DO_NOT_TRACK: '1' }, says: 'telemetry is off' },
    {
      title: 'the exporter sends nothing',
      env: { GOOGLE_CLOUD_PROJECT: 'tea-house-42', ZEN_TELEMETRY_EXPORTER: 'none' },
      says: 'ZEN_TELEMETRY_EXPORTER=none',
    },
  ])('says what is in the way: $title', async ({ env, says }) => {
    prepare()
    const { exitCode, noted } = await run(['send'], env)
    expect(exitCode).toBe(2)
    expect(noted).toContain(says)
    expect(readdirSync(join(folder, 'journal'))).toHaveLength(2)
  })
})
