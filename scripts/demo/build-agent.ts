import { execFile } from 'node:child_process'
import { resolve } from 'node:path'

const REPOSITORY = resolve(import.meta.dirname, '..', '..')

/**
 * Builds the agent, without a community key: the demo never has a public mode.
 *
 * @throws Error with the output of the build if it fails
 */
export async function buildAgent(): Promise<void> {
  const { ZEN_PUBLIC_CREDENTIALS_FILE: _key, ...env } = process.env
  // npm says where it is itself; by name it cannot be started without a shell on Windows.
  const npm = env['npm_execpath']
  const [command, args] = npm === undefined ? ['npm', []] : [process.execPath, [npm]]
  await new Promise<void>((resolveBuild, reject) => {
    execFile(command, [...args, 'run', 'build'], { cwd: REPOSITORY, env }, (error, stdout, stderr) => {
      if (error) reject(new Error(`the build failed:\n${stdout}${stderr}`))
      else resolveBuild()
    })
  })
}
