/** Prints `N passed, N failed` for a result file of vitest's JSON reporter; exits with 1 unless all is well. */
import { readFileSync } from 'node:fs'

const { passed, failed } = countTests(readResults(process.argv[2] ?? ''))
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

/**
 * Counts what passed and failed. A run without results, a file that cannot be loaded, and an error outside of any test
 * count as one failure each: nothing that went wrong may look like `0 failed`.
 *
 * @param {unknown} results the parsed file; undefined if there is none
 * @returns {{ passed: number, failed: number }}
 */
function countTests(results) {
  if (!isResults(results)) return { passed: 0, failed: 1 }
  const unloadable = results.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  const failed = results.numFailedTests + unloadable.length
  return { passed: results.numPassedTests, failed: results.success ? failed : Math.max(failed, 1) }
}

/**
 * @typedef {{
 *   success: boolean, numPassedTests: number, numFailedTests: number,
 *   testResults: { status: string, assertionResults: unknown[] }[],
 * }} Results
 */

/**
 * @param {unknown} results
 * @returns {results is Results}
 */
function isResults(results) {
  return typeof results === 'object' && results !== null && 'testResults' in results
}

/**
 * @param {string} file
 * @returns {unknown}
 */
function readResults(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    process.stdout.write('There are no test results: installation or a check before the tests failed.\n')
    return undefined
  }
}
