import { EXIT, type ExitCode } from '../command.ts'
import type { Style } from '../terminal.ts'
import { FINDING_CODES, type Finding, type Severity } from './finding.ts'
import { fixOf, severityOf, textOf } from './finding-texts.ts'

/** A finding as `--json` prints it. */
export interface FindingData extends Finding {
  readonly severity: Severity
  readonly text: string
  readonly fix?: string
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info', 'ok']
const MARKS = { error: '✗', warning: '!', info: '·', ok: '✓' } as const
const COLOURS = { error: 'red', warning: 'yellow', info: 'cyan', ok: 'green' } as const

/** What matters most first, and among that the cause before what may follow from it. */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const rank = (one: Finding): number =>
    SEVERITIES.indexOf(severityOf(one)) * FINDING_CODES.length + FINDING_CODES.indexOf(one.code)
  return findings.toSorted((a, b) => rank(a) - rank(b))
}

/** A finding with its words, for JSON. */
export function findingData(found: Finding): FindingData {
  const fix = fixOf(found)
  return { ...found, severity: severityOf(found), text: textOf(found), ...(fix !== undefined && { fix }) }
}

/** Findings as lines; what to paste stands indented below. */
export function findingLines(findings: readonly Finding[], style: Style): string[] {
  return findings.flatMap((found) => {
    const severity = severityOf(found)
    const fix = fixOf(found)
    const line = `${style(COLOURS[severity], MARKS[severity])} ${textOf(found)}`
    return fix === undefined
      ? [line]
      : [line, ...fix.split('\n').map((command) => style('bold', `    ${command}`))]
  })
}

/** 1 if there is anything to mend or to look at. */
export function exitCodeOf(findings: readonly Finding[]): ExitCode {
  return findings.some((found) => ['error', 'warning'].includes(severityOf(found)))
    ? EXIT.findings
    : EXIT.fine
}
