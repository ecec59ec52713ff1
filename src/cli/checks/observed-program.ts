import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import type { Environment } from '../../config/load-config.ts'

/** A command as it will be run, and what is known about it beforehand. */
export interface ObservedProgram {
  readonly command: readonly [string, ...string[]]
  /** The script that Node is to run; undefined for anything else. */
  readonly file: string | undefined
  readonly text: string
  /** A flag or `NODE_OPTIONS` loads the agent. */
  readonly preloaded: boolean
  /** The script names the agent: it loads it itself. */
  readonly loadsItself: boolean
}

const AGENT = /@zen[/\\]telemetry|register\.[cm]js/
const WITH_VALUE = new Set([
  '--require',
  '-r',
  '--import',
  '--loader',
  '--experimental-loader',
  '--env-file',
  '--conditions',
  '-C',
])
const LARGEST_SCRIPT = 32 * 1024 * 1024

/** Looks at a command line such as `node --enable-source-maps app.js --port 80`. */
export function observeCommand(
  command: readonly [string, ...string[]],
  environment: Environment,
  cwd: string,
): ObservedProgram {
  const file = scriptOf(command, cwd)
  const text = file === undefined ? '' : readFileSync(file, 'utf8')
  const flags = command.slice(1, file === undefined ? undefined : scriptIndex(command))
  return {
    command,
    file,
    text,
    preloaded: AGENT.test(`${environment['NODE_OPTIONS'] ?? ''} ${flags.join(' ')}`),
    loadsItself: text.includes('@zen/telemetry'),
  }
}

/** The same command with the agent, as it is to be typed. */
export function withAgent({ command }: ObservedProgram, register: string): string {
  const [name, ...args] = command
  return [name, '--require', register, ...args].map(shellWord).join(' ')
}

/**
 * How a bundle is built again without the traced package inside, if its package.json says how it is built.
 *
 * @param file the bundle
 * @returns a command to paste in the folder of the package, or undefined
 */
export function rebuildWithout(file: string, packageName: string): string | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (existsSync(manifest)) {
      const { scripts = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as {
        scripts?: Record<string, string>
      }
      for (const [script, text] of Object.entries(scripts)) {
        const flag = externalFlag(text, packageName)
        if (flag !== undefined) return `npm --prefix ${shellWord(folder)} run ${script} -- ${flag}`
      }
    }
    if (dirname(folder) === folder) return undefined
  }
}

function externalFlag(script: string, packageName: string): string | undefined {
  if (/\besbuild\b/.test(script)) return `--external:${packageName}`
  if (/\b(rolldown|rollup|tsup|tsdown|ncc)\b/.test(script)) return `--external ${packageName}`
  return /\bwebpack\b/.test(script) ? `--externals ${packageName}` : undefined
}

function scriptOf(command: readonly string[], cwd: string): string | undefined {
  const index = scriptIndex(command)
  const named = index === undefined ? undefined : command[index]
  if (named === undefined) return undefined
  const path = isAbsolute(named) ? named : resolve(cwd, named)
  return [path, `${path}.js`, join(path, 'index.js')].find(isReadableScript)
}

function scriptIndex(command: readonly string[]): number | undefined {
  for (let index = 1; index < command.length; index += 1) {
    const word = command[index]!
    if (WITH_VALUE.has(word)) index += 1
    else if (!word.startsWith('-')) return index
  }
  return undefined
}

function isReadableScript(path: string): boolean {
  try {
    const stat = statSync(path)
    return stat.isFile() && stat.size <= LARGEST_SCRIPT
  } catch {
    return false
  }
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}
