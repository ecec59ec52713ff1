import type { Finding } from '../finding.ts'
import { tablesOf, textOf, verdictOf } from './tables.ts'

/** Findings of one Node line as lines of text, for the terminal. */
export function printable(findings: readonly Finding[]): string {
  return tablesOf(findings)
    .map(({ title, lines }) => {
      const width = Math.max(...lines.map(({ subject }) => subject.length))
      const rows = lines.map(({ subject, cells }) => {
        const cell = cells.find((found) => found !== undefined)
        return `  ${subject.padEnd(width)}  ${cell ? textOf(cell) : ''}${cell ? expectation(cell) : ''}`
      })
      return [title, ...rows].join('\n')
    })
    .join('\n')
}

function expectation(finding: Finding): string {
  const verdict = verdictOf(finding)
  return verdict === undefined ? '' : `  (at most ${finding.most}: ${verdict})`
}
