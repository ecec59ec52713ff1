import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../test/support/repository.ts'

/** The two files an application is preloaded with. */
export interface InstalledAgent {
  readonly cjs: string
  readonly esm: string
}

/**
 * Packs what has been built and installs the tarball, as a user would have it: the source tree is never measured.
 *
 * @param folder an empty folder
 * @throws Error if the project has not been built
 */
export function installTarball(folder: string): InstalledAgent {
  if (!existsSync(join(repository, 'dist', 'agent.cjs')))
    throw new Error('dist/agent.cjs is missing: run `npm run build` first')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "name": "bench", "private": true }\n')
  const [packed] = JSON.parse(
    npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], repository),
  ) as {
    filename: string
  }[]
  if (!packed) throw new Error('npm pack named no file')
  const tarball = join(folder, packed.filename)
  npm(['install', '--no-save', '--no-package-lock', '--offline', '--ignore-scripts', tarball], folder)
  const installed = join(folder, 'node_modules', '@zen', 'telemetry')
  return { cjs: join(installed, 'register.cjs'), esm: join(installed, 'register.mjs') }
}

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
