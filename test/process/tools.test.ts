import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { nodeLines } from '../support/node-lines.ts'
import { registerFiles } from '../support/packed-agent.ts'
import { repository } from '../support/repository.ts'
import { runProgram } from '../support/run-program.ts'
import { localEnvironment } from '../support/traced-environment.ts'

const NPM = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin')
const TSC = join(repository, 'node_modules', 'typescript', 'bin', 'tsc')

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tools-'))
  writeFileSync(
    join(folder, 'package.json'),
    '{ "name": "some-project", "scripts": { "hello": "echo hello" } }\n',
  )
  writeFileSync(join(folder, 'index.ts'), 'export const sum = (a: number, b: number): number => a + b\n')
  return folder
}

/** What a container with one `NODE_OPTIONS` for everything starts besides the application. */
const TOOLS = [
  { title: 'npm --version', script: join(NPM, 'npm-cli.js'), args: ['--version'] },
  { title: 'npm run', script: join(NPM, 'npm-cli.js'), args: ['run', '--silent', 'hello'] },
  { title: 'npm ls', script: join(NPM, 'npm-cli.js'), args: ['ls'] },
  { title: 'npx --version', script: join(NPM, 'npx-cli.js'), args: ['--version'] },
  { title: 'tsc', script: TSC, args: ['--noEmit', '--strict', 'index.ts'] },
] as const

const OTHER_STARTS = [
  { title: '-p', args: ['-p', '6 * 7'] },
  { title: '-e', args: ['-e', 'console.log(require("node:path").sep)'] },
  {
    title: '-e as a module',
    args: ['--input-type=module', '-e', 'import { sep } from "node:path"; console.log(sep)'],
  },
  { title: '--check', args: ['--check', TSC] },
  { title: '--version', args: ['--version'] },
] as const

for (const line of nodeLines()) {
  for (const [flag, file] of Object.entries({
    '--require': registerFiles.cjs,
    '--import': registerFiles.mjs,
  })) {
    describe(`on Node ${line.major}, NODE_OPTIONS=${flag} in a folder of another project`, () => {
      it.each(TOOLS)('$title runs as before', async ({ script, args }) => {
        await expectSame([script, ...args])
      })

      it.each(OTHER_STARTS)('node $title runs as before', async ({ args }) => {
        await expectSame(args)
      })
    })

    const expectSame = async (args: readonly string[]) => {
      const options = {
        cwd: emptyFolder(),
        env: { ...localEnvironment(), npm_config_update_notifier: 'false' },
      }
      const plain = await runProgram(line.binary, args, options)
      const traced = await runProgram(line.binary, args, {
        ...options,
        env: { ...options.env, NODE_OPTIONS: `${flag}=${file}` },
      })
      expect(traced).toEqual(plain)
      expect(plain.signal).toBeNull()
    }
  }
}
