import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { installedAgent } from '../support/packed-agent.ts'
import { nodeLines } from '../support/node-lines.ts'
import { runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

/** Where the tarball was installed, with nothing else. */
const folder = join(installedAgent, '..', '..', '..')
const tool = join(installedAgent, 'dist', 'cli.cjs')
const ESCAPE = '\u001b['

function onTerminal(env: Readonly<Record<string, string>>) {
  const command = `${process.execPath} ${tool} status`
  return runProgram('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: folder,
    env: { ...env, TERM: 'xterm' },
  })
}

describe('zen-telemetry from the tarball', () => {
  it('runs with npx', () => {
    const stdout = execFileSync('npx', ['--no-install', 'zen-telemetry', 'status', '--json'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...localEnvironment() },
    })
    expect(JSON.parse(stdout)).toMatchObject({ telemetry: 'on', mode: 'local' })
  })

  it.each(nodeLines())('runs on Node $major', async ({ binary }) => {
    const env = localEnvironment()
    const { code, stdout, stderr } = await runProgram(binary, [tool, 'config', '--set'], { cwd: folder, env })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('ZEN_TELEMETRY_SAMPLE_RATE')
    expect(readdirSync(env.ZEN_TELEMETRY_DIR)).toEqual([])
  })

  it('uses colours on a terminal alone, and never with NO_COLOR', async () => {
    const env = localEnvironment()
    expect((await onTerminal(env)).stdout).toContain(ESCAPE)
    expect((await onTerminal({ ...env, NO_COLOR: '1' })).stdout).not.toContain(ESCAPE)
    const piped = await runProgram(process.execPath, [tool, 'status'], {
      cwd: folder,
      env: { ...env, FORCE_COLOR: '1' },
    })
    expect(piped.stdout).not.toContain(ESCAPE)
  })

  it('does not fail when its reader goes away', async () => {
    const command = `"${process.execPath}" "${tool}" config | true; exit \${PIPESTATUS[0]}`
    const { code, stderr } = await runProgram('bash', ['-c', command], {
      cwd: folder,
      env: localEnvironment(),
    })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('ends in 2 when it cannot do its work', async () => {
    const env = { ...localEnvironment(), ZEN_TELEMETRY_DIR: '/dev/null/state' }
    const { code, stderr } = await runProgram(process.execPath, [tool, 'disable'], { cwd: folder, env })
    expect(code).toBe(2)
    expect(stderr).toContain('the settings cannot be kept')
  })
})
