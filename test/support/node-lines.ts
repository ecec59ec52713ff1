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
/** The oldest that `engines` admits, and the newest 24 without complete synchronous hooks. */
const OLDEST_RELEASES = ['20.19.0', '22.12.0', '24.11.0']
const TOO_OLD_RELEASES = ['12.22.12', '18.20.8', '22.11.0']

/** The Node that runs the tests, which is a 20 where they run for a release, and each newer line. */
export function nodeLines(): readonly NodeLine[] {
  const own = { major: Number(process.versions.node.split('.')[0]), binary: process.execPath }
  const others = RELEASES.map((release) => ({
    major: Number(release.split('.')[0]),
    binary: binaryOf(release),
  }))
  return [own, ...others.filter((line) => line.major !== own.major)]
}

/** A release that is tested beside the newest one of its line. */
export interface NodeRelease {
  readonly release: string
  readonly binary: string
}

/** The oldest releases that are supported; those of 22 and 24 need a loader thread. */
export function oldestReleases(): readonly NodeRelease[] {
  return OLDEST_RELEASES.map((release) => ({ release, binary: binaryOf(release) }))
}

/** Releases that are not supported any more, or never were. */
export function tooOldReleases(): readonly NodeRelease[] {
  return TOO_OLD_RELEASES.map((release) => ({ release, binary: binaryOf(release) }))
}

/** Installs the newest release of each line, where it is missing; the binaries stay in a folder that git ignores. */
export function installNodeLines(): void {
  install(RELEASES)
}

/** Installs the other releases as well. */
export function installAllReleases(): void {
  install([...RELEASES, ...OLDEST_RELEASES, ...TOO_OLD_RELEASES])
}

function install(releases: readonly string[]): void {
  for (const release of releases) {
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
