import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Application, installApplication } from '../support/application.ts'
import { installedAgent, registerFiles } from '../support/packed-agent.ts'
import { type Running, startProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

const TOOL = join(installedAgent, 'dist', 'cli.cjs')
/** In seconds: nothing is drawn but for another reason. */
const HOUR = 3600
const CTRL_C = '\u0003'
const ESCAPE = '\u001b['
const OWN_SCREEN = `${ESCAPE}?1049h`
const BACK = `${ESCAPE}?7h${ESCAPE}?25h${ESCAPE}?1049l`

const cleanUps: (() => void)[] = []
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp()
})

/** The command on a terminal of its own, as `script` makes one, whose keyboard is its standard input. */
function onTerminal(env: Readonly<Record<string, string>>, every: number) {
  const command = `tty; stty rows 30 cols 100; exec ${process.execPath} ${TOOL} status --watch --every ${every}`
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: env['ZEN_TELEMETRY_DIR'],
    env: { ...env, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  cleanUps.push(() => child.kill())
  let output = ''
  const ended = once(child, 'close') as Promise<[number]>
  const seen = (enough: (text: string) => boolean): Promise<string> =>
    new Promise((resolve) => {
      const watcher = () => {
        if (enough(output)) resolve(output)
      }
      child.stdout.on('data', watcher)
      watcher()
    })
  child.stdout.on('data', (data: Buffer) => (output += data.toString()))
  return { child, seen, ended, output: () => output }
}

/** A server that keeps its status up to date. */
async function serve(env: Readonly<Record<string, string>>): Promise<{ server: Running; url: string }> {
  const application: Application = installApplication('server-cjs', 'zen-dual')
  const server = startProgram(process.execPath, ['--require', registerFiles.cjs, 'server.cjs'], {
    cwd: application.folder,
    env,
  })
  cleanUps.push(() => {
    server.child.kill()
    application.remove()
  })
  const [, port] = /listening on (\d+)/.exec(await server.printed('listening on ')) ?? []
  return { server, url: `http://127.0.0.1:${port}` }
}

describe('status --watch on a terminal', () => {
  it('shows a process that comes, draws in place, and ends with Ctrl-C in 0', async () => {
    const env = localEnvironment()
    const { child, seen, ended, output } = onTerminal(env, 0.2)
    await seen((text) => text.includes('local files'))
    expect(output()).not.toContain('process  ')
    const { server, url } = await serve(env)
    await fetch(`${url}/run`)
    await seen((text) => text.includes(`process      ${server.child.pid} `))
    child.stdin.write(CTRL_C)
    expect(await ended).toEqual([0, null])
    const [before = '', screen = '', after = ''] = output()
      .split(OWN_SCREEN)
      .flatMap((part) => part.split(BACK))
    expect(before).toMatch(/^\/dev\/pts\/\d+\s*$/)
    // One look is never drawn below the other.
    const looks = screen.split(`${ESCAPE}H`).slice(1)
    expect(looks.length).toBeGreaterThan(1)
    for (const look of looks) expect(look.match(/telemetry {4}on/g)).toHaveLength(1)
    expect(after).toContain(`process      ${server.child.pid} `)
  })

  it('draws anew when its size changes, never more lines than there are', async () => {
    const { child, seen, ended, output } = onTerminal(localEnvironment(), HOUR)
    const [, terminal = ''] =
      /(\/dev\/pts\/\d+)/.exec(await seen((text) => text.includes('local files'))) ?? []
    expect(output()).not.toContain('more lines')
    execFileSync('stty', ['-F', terminal, 'rows', '4', 'cols', '40'])
    const text = await seen((all) => all.includes('more lines'))
    const look = text.split(`${ESCAPE}H`).find((one) => one.includes('more lines')) ?? ''
    expect(look.split('\r\n')).toHaveLength(4)
    child.stdin.write(CTRL_C)
    expect(await ended).toEqual([0, null])
  })
})

describe('status --watch elsewhere', () => {
  function watching(...options: string[]): Running {
    const env = localEnvironment()
    return startProgram(process.execPath, [TOOL, 'status', '--watch', '--every', '0.1', ...options], {
      cwd: env.ZEN_TELEMETRY_DIR,
      env,
    })
  }

  it('prints one plain block after the other, and ends in 0 when it is interrupted', async () => {
    const { child, printed, ended } = watching()
    await printed(`\n\n${new Date().toISOString().slice(0, 2)}`)
    child.kill('SIGINT')
    const { code, stdout, stderr } = await ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).not.toContain(ESCAPE)
    for (const block of stdout.trimEnd().split('\n\n')) expect(block).toMatch(/^\d{4}-.+Z\ntelemetry {4}on: /)
  })

  it('prints one JSON document a line', async () => {
    const { child, printed, ended } = watching('--json')
    await printed('}\n{')
    child.kill('SIGTERM')
    const { code, stdout } = await ended
    expect(code).toBe(0)
    for (const line of stdout.trimEnd().split('\n')) {
      expect(JSON.parse(line)).toMatchObject({
        time: expect.any(String),
        telemetry: 'on',
        mode: 'local',
        processes: [],
      })
    }
  })

  it('ends when nobody reads any more', async () => {
    const env = localEnvironment()
    const command = `"${process.execPath}" "${TOOL}" status --watch --every 0.1 | head -n 2; exit \${PIPESTATUS[0]}`
    const { code, signal } = await startProgram('bash', ['-c', command], { cwd: env.ZEN_TELEMETRY_DIR, env })
      .ended
    expect({ code, signal }).toEqual({ code: 0, signal: null })
  })
})
