import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { Script } from 'node:vm'
import { parse } from 'acorn'
import { describe, expect, it } from 'vitest'
import { rewriteSource } from '../../src/rewrite/rewrite-source.ts'
import { repository } from '../support/repository.ts'

const PACKAGES = ['acorn', 'commander', 'cockatiel', 'protobufjs', '@grpc/grpc-js', 'yaml', 'vitest']
const MOST_BYTES = 400_000
const HELPER_CALL = /__zenTelemetry\(/g

function sourcesOf(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^\.[cm]?js$/.test(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.slice(folder.length).includes('node_modules'))
}

/** The format that Node would find, as far as the syntax tells. */
function formatOf(source: string): 'module' | 'commonjs' | undefined {
  for (const sourceType of ['commonjs', 'module'] as const) {
    try {
      parse(source, { ecmaVersion: 'latest', sourceType, allowHashBang: true })
      return sourceType
    } catch {
      // The other one, or none.
    }
  }
  return undefined
}

/** Names after `export`, so that as much as possible is rewritten. */
function exportedNames(source: string): string[] {
  const declared = source.matchAll(/\bexport\s+(?:async\s+)?(?:function\s*\*?|const|let|var)\s+([\w$]+)/g)
  const listed = source.matchAll(/\bexport\s*\{([^}]*)\}/g)
  return ['default', ...[...declared, ...listed].flatMap(([, names]) => names!.match(/[\w$]+/g) ?? [])]
}

describe.each(PACKAGES)('every source of %s', (name) => {
  it('is still one when everything in it is wanted', () => {
    let calls = 0
    for (const file of sourcesOf(join(repository, 'node_modules', name))) {
      const source = readFileSync(file, 'utf8')
      const format = source.length > MOST_BYTES ? undefined : formatOf(source)
      if (format === undefined) continue
      const wanted = {
        members: '*',
        exports: exportedNames(source).map((name) => ({ name, key: name })),
      } as const
      const { source: result } = rewriteSource(source, { format, typed: false, location: file, wanted })
      if (result === undefined) continue
      calls += result.match(HELPER_CALL)!.length
      expect(result.split('\n').length, file).toBe(source.split('\n').length + 2)
      parse(result, { ecmaVersion: 'latest', sourceType: format, allowHashBang: true })
      if (format === 'commonjs')
        expect(() => new Script(`(function () {${result.replace(/^#!/, '//')}\n})`), file).not.toThrow()
    }
    expect(calls).toBeGreaterThan(0)
  })
})
