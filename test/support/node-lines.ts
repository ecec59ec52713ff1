import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './repository.ts'

/** A Node the tests run on. */
export interface NodeLine {
  /** Such as `22`. */
  readonly major: number
  readonly binary: string
}

/** The newest release of each line, from npm packages that hold nothing but the binary. */
const RELEASES = ['22.23.3', '24.21.0', '26.10.0']

/** The Node that runs the tests, which is a 20 where they run for a release, and each newer line. */
export function nodeLines(): readonly NodeLine[] {
  const own = { major: Number(process.versions.node.split('.')[0]), binary: process.execPath }
  const others = RELEASES.map((release) => ({
    major: Number(release.split('.')[0]),
    binary: binaryOf(release),
  }))
  return [own, ...others.filter((line) => line.major !== own.major)]
}

/** Installs what is missing; the binaries stay in a folder that git ignores. */
export function installNodeLines(): void {
  for (const release of RELEASES) {
    if (existsSync(binaryOf(release))) continue
    const folder = folderOf(release)
    mkdirSync(folder, { recursive: true })
    const name = `node-${process.platform}-${process.arch}@${release}`
    execFileSync(
      'npm',
      ['install', '--prefix', folder, '--no-save', '--no-package-lock', '--ignore-scripts', name],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    )
  }
}

function folderOf(release: string): string {
  return join(repository, '.work', 'node-lines', release)
}

function binaryOf(release: string): string {
  const name = `node-${process.platform}-${process.arch}`
  return join(folderOf(release), 'node_modules', name, 'bin', 'node')
}
