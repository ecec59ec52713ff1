import { describe, expect, it } from 'vitest'
import { FINDING_CODES, finding } from '../../src/cli/findings/finding.ts'
import { fixOf, severityOf, textOf } from '../../src/cli/findings/finding-texts.ts'
import { exitCodeOf, findingLines, sortFindings } from '../../src/cli/findings/findings-report.ts'

describe('findings', () => {
  it('stand in the order of causes, what has to be mended first', () => {
    const sorted = sortFindings([
      finding('node-ok'),
      finding('permission-missing'),
      finding('no-calls'),
      finding('clock-skew'),
    ])
    expect(sorted.map(({ code }) => code)).toEqual([
      'clock-skew',
      'permission-missing',
      'no-calls',
      'node-ok',
    ])
  })

  it('end with 1 if anything is to be mended or looked at', () => {
    expect(exitCodeOf([finding('node-ok'), finding('agent-not-in-command')])).toBe(0)
    expect(exitCodeOf([finding('node-ok'), finding('no-calls')])).toBe(1)
  })

  it.each(FINDING_CODES)('%s has words, and a fix if it is an error that can be mended', (code) => {
    const found = finding(code, { fix: 'unset X', command: 'node app.js' })
    expect(textOf(found).length).toBeGreaterThan(0)
    if (severityOf(found) === 'error' && code !== 'write-failed') expect(fixOf(found)).toBeTruthy()
  })

  it('quote for the shell what stands in a fix', () => {
    const values = { account: 'a', member: "user:o'neil@example.com; rm -rf /", project: 'p' }
    expect(fixOf(finding('permission-missing', values))).toContain(
      String.raw`--member='user:o'\''neil@example.com; rm -rf /'`,
    )
  })

  it('show a fix below the finding, and never the password of a proxy', () => {
    const lines = findingLines(
      [finding('proxy-refuses', { proxy: 'http://p', host: 'h', answer: 403, other: 'http://u:secret@q' })],
      (_, text) => text,
    )
    expect(lines).toEqual([
      '✗ the proxy http://p refuses to connect to h (HTTP 403)',
      '    export HTTPS_PROXY="$(npm config get https-proxy)"    # this one lets it through',
    ])
  })
})
