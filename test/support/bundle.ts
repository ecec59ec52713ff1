import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/**
 * Bundles one TypeScript file, as the build does it, for a process or a thread of a test.
 *
 * @param entry URL of the file
 * @returns path of a CommonJS file
 */
export async function bundle(entry: URL): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'zen-bundle-')), 'bundle.cjs')
  const build = await rolldown({ input: fileURLToPath(entry), platform: 'node', tsconfig: false })
  try {
    await build.write({ file, format: 'cjs', strict: true, codeSplitting: false })
  } finally {
    await build.close()
  }
  return file
}
