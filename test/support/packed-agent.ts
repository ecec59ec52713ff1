import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './repository.ts'

const WORK = join(repository, '.work', 'packed')

/** The folder in which the packed agent is installed, as a user would have it. */
export const installedAgent: string = join(WORK, 'node_modules', '@zen', 'telemetry')

/** The tarball itself. */
export const tarball: string = join(WORK, 'zen-telemetry.tgz')

/** The files that `NODE_OPTIONS`, `--require` and `--import` name. */
export const registerFiles: { readonly cjs: string; readonly mjs: string } = {
  cjs: join(installedAgent, 'register.cjs'),
  mjs: join(installedAgent, 'register.mjs'),
}

/** Packs the agent, which builds it, and installs it in an empty folder. */
export function packAgent(): void {
  rmSync(WORK, { recursive: true, force: true })
  mkdirSync(WORK, { recursive: true })
  const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', WORK], repository)) as {
    filename: string
  }[]
  execFileSync('mv', [join(WORK, packed?.filename ?? ''), tarball])
  writeFileSync(join(WORK, 'package.json'), '{ "name": "empty-folder", "private": true }\n')
  npm(['install', '--no-save', '--no-package-lock', '--offline', tarball], WORK)
}

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
