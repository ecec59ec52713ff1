import { describe, expect, it } from 'vitest'
import { createRewriter } from '../../src/rewrite/create-rewriter.ts'
import type { Logger } from '../../src/shared/log.ts'
import { zenTarget } from '../../src/targets/zen-target.ts'

const LOCATION = '/app/node_modules/zen/index.js'
const FIELD = 'exports.ZenOrchestrator = class ZenOrchestrator { run = () => 1 }'

/** Without the build, the parser is missing: whoever asks for it says so. */
function rewriting(source: string, location = LOCATION): { result: string; lines: string[] } {
  const lines: string[] = []
  const nothing = (): void => {}
  const log: Logger = { error: nothing, warn: nothing, info: nothing, debug: (line) => lines.push(line) }
  return {
    result: createRewriter({ all: [zenTarget], add: nothing }, log)(source, 'commonjs', location),
    lines,
  }
}

describe('a source that is to be rewritten', () => {
  it.each([
    ['holds nothing that is wanted', 'exports.ZenOrchestrator = class { run() {} }', LOCATION],
    ['is none of a target', FIELD, '/app/other.js'],
    ['has been rewritten already', `${FIELD}; function __zenTelemetry() {}`, LOCATION],
  ])('asks for no parser where it %s', (_, source, location) => {
    expect(rewriting(source, location)).toEqual({ result: source, lines: [] })
  })

  it('stays as it is where the parser cannot be had, which is one line', () => {
    const { result, lines } = rewriting(FIELD)
    expect(result).toBe(FIELD)
    expect(lines).toEqual([expect.stringMatching(/zen\/index\.js is not rewritten \(Cannot find module/)])
  })

  it('stays as it is where it is so long that parsing it would be felt', () => {
    const source = `${FIELD}//${'-'.repeat(500_000)}`
    const { result, lines } = rewriting(source)
    expect(result).toBe(source)
    expect(lines).toEqual([expect.stringContaining('it has more than 500000 characters')])
  })
})
