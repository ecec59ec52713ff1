import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Writes the declarations of the programming interface, once for each module system; they stand on their own. */
const root = fileURLToPath(new URL('..', import.meta.url))
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'], {
  cwd: root,
  stdio: 'inherit',
})
const declarations = readFileSync(`${root}/.work/types/src/index.d.ts`, 'utf8')
if (/\bfrom\s+['"]/.test(declarations)) throw new Error('src/index.ts shows a type of another file')
for (const extension of ['mts', 'cts']) writeFileSync(`${root}/dist/index.d.${extension}`, declarations)
