import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { repository } from '../support/repository.ts'
import { tempFolder } from '../support/temp-folder.ts'

const PASSED = { status: 'passed', assertionResults: [{}, {}] }
const GOOD = { success: true, numPassedTests: 2, numFailedTests: 0, testResults: [PASSED] }

function summarize(results: unknown): { lastLine: string | undefined; status: number | null } {
  const folder = tempFolder(results === undefined ? {} : { 'results.json': results })
  const script = join(repository, 'scripts', 'summarize-tests.mjs')
  const { stdout, status } = spawnSync(process.execPath, [script, join(folder, 'results.json')], {
    encoding: 'utf8',
  })
  return { lastLine: stdout.trimEnd().split('\n').at(-1), status }
}

describe('the summary of a test run', () => {
  it('counts what passed and failed', () => {
    expect(summarize(GOOD)).toEqual({ lastLine: '2 passed, 0 failed', status: 0 })
    const bad = { ...GOOD, success: false, numFailedTests: 3 }
    expect(summarize(bad)).toEqual({ lastLine: '2 passed, 3 failed', status: 1 })
  })

  it('counts a file that cannot be loaded as one failure', () => {
    const testResults = [PASSED, { status: 'failed', assertionResults: [] }]
    const bad = { ...GOOD, success: false, testResults }
    expect(summarize(bad)).toEqual({ lastLine: '2 passed, 1 failed', status: 1 })
  })

  it('counts an error outside of any test as one failure', () => {
    expect(summarize({ ...GOOD, success: false })).toEqual({ lastLine: '2 passed, 1 failed', status: 1 })
  })

  it('counts missing or foreign results as one failure', () => {
    expect(summarize(undefined)).toEqual({ lastLine: '0 passed, 1 failed', status: 1 })
    expect(summarize({})).toEqual({ lastLine: '0 passed, 1 failed', status: 1 })
  })
})
